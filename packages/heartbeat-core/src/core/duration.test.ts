import { expect, test } from 'vitest';
import { asClock, inSeconds, inShort, inWords } from './duration.ts';

test.each([
  [-5, '0:00'],
  [0, '0:00'],
  [7.9, '0:07'],
  [299, '4:59'],
  [3_599, '59:59'],
  [3_723, '1:02:03'],
  [86_400 * 3 + 4 * 3600 + 300, '3 d 04:05'],
])('an age of %d s ticks as %s', (seconds, shown) => {
  expect(asClock(seconds * 1000)).toBe(shown);
});

test.each([
  [-1, '0 s'],
  [0.4, '0 s'],
  [59, '59 s'],
  [61, '1 min 1 s'],
  [300, '5 min'],
  [11 * 60 + 30, '11 min'],
  [7_800, '2 h 10 min'],
  [86_400 * 3 + 4 * 3600, '3 d 4 h'],
])('%d s last %s', (seconds, shown) => {
  expect(inShort(seconds * 1000)).toBe(shown);
});

test('beside its limit a length is told in seconds, from an hour on in larger units', () => {
  expect([3_599_000, 3_600_000, 499_110_000].map(inSeconds)).toEqual(['3599 s', '1 h', '5 d 18 h']);
  expect(inSeconds(311_600)).toBe('312 s');
});

test.each([
  [0.1, 'less than a second'],
  [-5, 'less than a second'],
  [Number.NaN, 'less than a second'],
  [Number.POSITIVE_INFINITY, 'less than a second'],
  [1, '1 second'],
  [123.4, '2 minutes 3 seconds'],
  [3600, '1 hour'],
  [86_400 * 40 + 3661, '40 days 1 hour 1 minute 1 second'],
  [1e15, '34722 days 5 hours 20 minutes'],
])('in words %d s are %s', (seconds, words) => {
  expect(inWords(seconds * 1000)).toBe(words);
});
