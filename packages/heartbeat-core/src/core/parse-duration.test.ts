import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durationPattern, parseDuration } from './parse-duration.ts';

test.each([
  ['90s', 1.5],
  ['5m', 5],
  ['2h', 120],
  ['1d', 1440],
  ['1h30m', 90],
  ['1.5 h', 90],
  [' 30m ', 30],
  ['5', 5],
  ['0.5', 0.5],
  ['1e3', 1000],
])('%j is %d minutes', (text, minutes) => {
  expect(parseDuration(text, 'minutes')).toBe(minutes);
});

test('a plain number is in the unit of its setting, and a unit means the same everywhere', () => {
  expect(parseDuration('60', 'seconds')).toBe(60);
  expect(parseDuration('2m', 'seconds')).toBe(120);
});

test.each([
  '',
  ' ',
  '0',
  '0m',
  '-5',
  '-5m',
  '5 minutes',
  '5M',
  'm',
  '5m3',
  '1e3m',
  'Infinity',
  '9'.repeat(400),
  '5w',
])('%j is no length of time', (text) => {
  expect(parseDuration(text, 'minutes')).toBeNull();
});

test('what the pattern takes is read as a number, whatever it is', () => {
  fc.assert(
    fc.property(fc.stringMatching(durationPattern), (text) => {
      const value = parseDuration(text, 'seconds');
      expect(value === null || value > 0).toBe(true);
    }),
  );
});
