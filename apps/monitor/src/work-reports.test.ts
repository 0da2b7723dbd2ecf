import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { reportWork } from './work-reports.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

/** How often it is told in ten seconds, where to see how the bots are takes so long, in ms. */
const timesToldIn10s = (tookMs: number): number => {
  let told = 0;
  const worked = () => {
    told += 1;
  };
  const tell = reportWork([{ worked }], () => {
    vi.advanceTimersByTime(tookMs);
    return [];
  });
  for (const end = performance.now() + 10_000; performance.now() < end; vi.advanceTimersByTime(10)) tell();
  return told;
};

test.each([
  ['nothing', 20, 0],
  ['10 ms', 10, 10],
  ['100 ms', 2, 100],
])('where a report takes %s there are %i in ten seconds', (_words, times, tookMs) => {
  expect(timesToldIn10s(tookMs)).toBe(times);
});
