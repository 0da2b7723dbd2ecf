import { describe, expect, test } from 'vitest';
import { duration, percent, splitStatus, ticking } from './words.ts';

test.each([
  [-5, '0:00'],
  [0, '0:00'],
  [7.9, '0:07'],
  [299, '4:59'],
  [3_599, '59:59'],
  [3_723, '1:02:03'],
  [86_400 * 3 + 4 * 3600 + 300, '3 d 04:05'],
])('an age of %d s ticks as %s', (seconds, shown) => {
  expect(ticking(seconds)).toBe(shown);
});

test.each([
  [0.4, '0 s'],
  [59, '59 s'],
  [61, '1 min 1 s'],
  [300, '5 min'],
  [11 * 60 + 30, '11 min'],
  [7_800, '2 h 10 min'],
  [86_400 * 3 + 4 * 3600, '3 d 4 h'],
])('%d s last %s', (seconds, shown) => {
  expect(duration(seconds)).toBe(shown);
});

test('less than all is never rounded up to all, nor more than nothing down to nothing', () => {
  expect(percent(100)).toBe('100 %');
  expect(percent(99.9999)).toBe('99.999 %');
  expect(percent(99.456)).toBe('99.45 %');
  expect(percent(0.0001)).toBe('0.01 %');
  expect(percent(0)).toBe('0 %');
  expect(percent(null)).toBe('not known');
});

describe('a status has an indicator in front, or none', () => {
  test.each([
    ['✅ Login successful', '✅', 'Login successful'],
    ['[ERROR] Login failed', '❌', 'Login failed'],
    ['⚠️ Slow', '⚠️', 'Slow'],
    ['Just words', null, 'Just words'],
    ['2 trades', null, '2 trades'],
    ['', null, ''],
  ])('%s', (status, indicator, message) => {
    expect(splitStatus(status)).toEqual({ indicator, message });
  });
});
