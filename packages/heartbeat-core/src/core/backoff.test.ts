import { expect, test } from 'vitest';
import { backoffMs } from './backoff.ts';

test('waits double up to the longest, however many attempts there were', () => {
  const waits = { firstMs: 1000, longestMs: 300_000 };
  expect([0, 1, 2, 3, 9, 10, 99].map((attempt) => backoffMs(attempt, waits))).toEqual([
    1000, 1000, 2000, 4000, 256_000, 300_000, 300_000,
  ]);
});

test('of a wait its jitter is left to chance', () => {
  const waits = { firstMs: 1000, longestMs: 8000, jitter: 0.5 };
  expect([0, 0.5, 1].map((chance) => backoffMs(4, waits, chance))).toEqual([4000, 6000, 8000]);
});
