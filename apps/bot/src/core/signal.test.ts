import { expect, test } from 'vitest';
import { entriesOf, parseSignal } from './signal.ts';

const plain = { symbol: 'MCL', direction: 'buy', quantity: 1, tp: 52, sl: 48 };

test('a signal as the Python scripts write it is read', () => {
  expect(
    parseSignal({ ...plain, id: 7, symbol: ' mcl ', direction: 'BUY', timestamp: 1_780_000_000.5 }),
  ).toEqual({
    ok: true,
    signal: { ...plain, id: '7', timestamp: 1_780_000_000_500 },
  });
});

test.each([
  ['2026-06-01T12:00:00Z', Date.UTC(2026, 5, 1, 12)],
  [1_780_315_200_000, 1_780_315_200_000],
])('the time %s is understood', (timestamp, at) => {
  expect(parseSignal({ ...plain, timestamp })).toMatchObject({ signal: { timestamp: at } });
});

test.each([
  [{ ...plain, quantity: 0 }, 'quantity'],
  [{ ...plain, quantity: 1.5 }, 'quantity'],
  [{ ...plain, direction: 'hold' }, 'direction'],
  [{ ...plain, tp: -1 }, 'tp'],
  [{ ...plain, sl: '48' }, 'sl'],
  [{ ...plain, symbol: '<script>' }, 'symbol'],
  [{ ...plain, timestamp: 'yesterday' }, 'timestamp'],
  [null, 'signal'],
  ['buy', 'signal'],
])('%j is refused with the field named', (entry, field) => {
  const parsed = parseSignal(entry);
  expect(parsed).toMatchObject({ ok: false });
  expect(!parsed.ok && parsed.problem).toContain(field);
});

test('a document holds one signal, a list, or a list under "signals"', () => {
  expect(entriesOf(plain)).toEqual([plain]);
  expect(entriesOf([plain, plain])).toHaveLength(2);
  expect(entriesOf({ signals: [plain] })).toEqual([plain]);
});
