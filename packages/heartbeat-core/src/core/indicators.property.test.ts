import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalStatus } from './format.ts';
import { defaultHealthPolicy } from './health.ts';
import { indicators, splitIndicator } from './indicators.ts';
import { judge } from './judge.ts';
import { parseStatusFile } from './parse.ts';

const one = fc.constantFrom(...Object.values(indicators));
/** What people put between the indicator and the message. */
const between = fc.constantFrom(
  '',
  ' ',
  '  ',
  ':',
  ': ',
  ' : ',
  '\t',
  '\uFE0F',
  '\uFE0F ',
  '\uFE0E',
  '\uFE0F: ',
);
const message = fc.oneof(
  { arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }), weight: 9 },
  { arbitrary: fc.integer({ min: 990, max: 1010 }).map((length) => 'x'.repeat(length)), weight: 1 },
);
const begins = fc
  .record({ of: one, tag: fc.boolean(), times: fc.integer({ min: 1, max: 3 }), between, message })
  .map(({ of, tag, times, between: gap, message: text }) => ({
    emoji: of.emoji,
    status: `${(tag ? of.tag : of.emoji).repeat(times)}${gap}${text}`,
  }));

test('a status that begins with an indicator has it, whatever follows', () => {
  fc.assert(
    fc.property(begins, ({ emoji, status }) => {
      expect(splitIndicator(status).indicator).toBe(emoji);
    }),
    { numRuns: 2000 },
  );
});

test('a status that begins with ❌ and says something is degraded, and with another indicator is not', () => {
  fc.assert(
    fc.property(begins, ({ emoji, status }) => {
      const reading = parseStatusFile(`${status}\n2026-01-01T00:00:00Z\n{"session_active": true}`);
      fc.pre(reading.kind === 'beat');
      const { state } = judge(reading, null, defaultHealthPolicy, null, Date.UTC(2026, 0, 1));
      expect(state === 'degraded').toBe(emoji === indicators.error.emoji);
    }),
    { numRuns: 2000 },
  );
});

test('a status that was read and is written is read as the same', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        begins.map(({ status }) => status),
        message,
      ),
      (given) => {
        const once = normalStatus(given);
        fc.pre(once.message !== '');
        expect(normalStatus(once.status)).toEqual(once);
      },
    ),
    { numRuns: 2000 },
  );
});

test.each([
  ['❌refused', 'refused'],
  ['❌❌ refused', 'refused'],
  ['❌: refused', 'refused'],
  ['❌\uFE0F refused', 'refused'],
  ['[ERROR]refused', 'refused'],
  ['[ERROR]: refused', 'refused'],
  ['❌❌', '❌'],
  ['❌ 10:30 refused', '10:30 refused'],
])('%j says %j', (status, text) => {
  expect(splitIndicator(status)).toEqual({ indicator: '❌', message: text });
});
