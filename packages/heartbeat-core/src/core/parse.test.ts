import { ownMs } from '@sentinel/tooling-vitest/own-time';
import { expect, test } from 'vitest';
import { formatStatusFile } from './format.ts';
import { parseStatusFile } from './parse.ts';

test('a two-line file of a Python tool is a beat', () => {
  const reading = parseStatusFile('[OK] Login successful\n2023-06-15T14:30:45');
  expect(reading).toMatchObject({
    kind: 'beat',
    record: { status: '✅ Login successful', sessionActive: false },
  });
});

test('what was formatted is parsed back', () => {
  const reading = parseStatusFile(
    '⏳ Validating\n2023-06-15T14:30:45.123456\n{"session_active":true,"seq":4}',
  );
  if (reading.kind !== 'beat') throw new Error('no beat');
  expect(parseStatusFile(formatStatusFile(reading.record))).toEqual(reading);
});

test('a status of several lines is one when a timestamp and the JSON follow it', () => {
  const text =
    '❌ Error logging in: Message: \n  no such element\nStacktrace:\n2023-06-15T14:30:45.123456\n{"session_active": true}';
  expect(parseStatusFile(text)).toMatchObject({
    kind: 'beat',
    record: {
      indicator: '❌',
      message: 'Error logging in: Message: no such element Stacktrace:',
      timestamp: '2023-06-15T14:30:45.123456',
      sessionActive: true,
    },
  });
  // Cut off behind the timestamp it is no beat: the JSON is what says that it is whole.
  for (const end of [text.indexOf('{'), text.indexOf('2023'), text.length - 1])
    expect(parseStatusFile(text.slice(0, end)).kind, text.slice(0, end)).toBe('corrupt');
  // Nor is it one without a first line.
  expect(parseStatusFile(`\n${text}`)).toMatchObject({ problem: { code: 'no-status' } });
});

test('a file without line 3 says nothing of the session, and says so', () => {
  expect(parseStatusFile('✅ On\n2023-06-15T14:30:45')).toMatchObject({
    record: { sessionActive: false, bare: true },
  });
});

test('a file of line breaks, the longest that is read, takes no time', () => {
  const ms = ownMs(() => {
    for (const line of ['\n', '2023-06-15T14:30:45\n', '{\n', ' \r\n'])
      expect(parseStatusFile(`✅ On\n${line.repeat(65_000 / line.length)}x`).kind).toBe('corrupt');
  });
  expect(ms).toBeLessThan(1000);
});

test.each(['❌', '[error] a', '[Error]: a', '\uFE0F❌ a', '❌\uFE0F'])(
  'a status that is an error without a word, in small letters, or behind what is not seen is one: %j',
  (status) => {
    const reading = parseStatusFile(`${status}\n2026-01-01T00:00:00Z\n{"session_active": true}`);
    expect(reading).toMatchObject({ kind: 'beat', record: { indicator: '❌' } });
  },
);

test.each([
  ['{"session_active": true, "pnl": NaN, "said": "NaN, \\" Infinity"}', 'NaN, " Infinity'],
  ['{"session_active": true, "pnl": [-Infinity, 1], "said": "x"}', 'x'],
])('a number that is none, as Python writes it, is not given: %s', (json, said) => {
  const reading = parseStatusFile(`✅ On\n2026-11-30T10:00:00\n${json}\n`);
  expect(reading).toMatchObject({ kind: 'beat', record: { sessionActive: true, others: { said } } });
});

test.each(['{"session_active": NaN}', '{"session_active": true, "pid": -NaN-}', 'NaN', '{NaN: true}'])(
  'what is no JSON without such numbers either is none: %s',
  (json) => {
    expect(parseStatusFile(`✅ On\n2026-11-30T10:00:00\n${json}\n`).kind).toBe('corrupt');
  },
);
