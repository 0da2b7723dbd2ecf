import { expect, test } from 'vitest';
import { parseRetryAfter, waitAfter } from './wait.ts';

test('Retry-After is obeyed as seconds and as a date, for an hour at most', () => {
  const now = Date.UTC(2026, 0, 1);
  expect(parseRetryAfter('30', now)).toBe(30_000);
  expect(parseRetryAfter('Thu, 01 Jan 2026 00:02:00 GMT', now)).toBe(120_000);
  expect(parseRetryAfter('999999999', now)).toBe(3_600_000);
  expect(parseRetryAfter('0', now)).toBe(0);
  expect(parseRetryAfter('soon', 0)).toBeNull();
  expect(parseRetryAfter('Thu, 01 Jan 1970 00:00:00 GMT', 5000)).toBe(0);
});

test('the wait doubles from one second to five minutes, and chance takes up to half of it', () => {
  const wait = (tries: number, random = 1) => waitAfter({ waitMs: 0 }, tries, random);
  expect([1, 2, 3, 9, 10, 99].map((tries) => wait(tries))).toEqual([
    1000, 2000, 4000, 256_000, 300_000, 300_000,
  ]);
  expect(wait(4, 0)).toBe(4000);
  expect(wait(4, 0.5)).toBe(6000);
});

test('what was asked for is the least, and what does not pass soon begins at half a minute', () => {
  expect(waitAfter({ waitMs: 30_000 }, 1, 0)).toBe(30_000);
  expect(waitAfter({ waitMs: 0 }, 1, 0)).toBe(500);
  expect(waitAfter({ waitMs: 0, slowly: true }, 1, 0)).toBe(16_000);
});
