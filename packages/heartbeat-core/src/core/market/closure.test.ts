import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultHealthPolicy } from '../health.ts';
import { judge } from '../judge.ts';
import type { Reading } from '../reading.ts';
import { marketOfClosure } from './market.ts';

const minute = 60_000;
const hour = 60 * minute;
const friday = Date.parse('2026-11-20T22:00:00Z');
const reopening = friday + 49 * hour;
const weekend = marketOfClosure({ from: friday, to: reopening });
const beatAt = (updatedAt: number): Reading => ({
  kind: 'beat',
  record: {
    status: '✅ On',
    indicator: '✅',
    message: 'On',
    timestamp: '',
    updatedAt,
    sessionActive: true,
    stopped: false,
    progress: 1,
  },
});
const judged = (updatedAt: number, now: number) =>
  judge(beatAt(updatedAt), null, defaultHealthPolicy, weekend, now);

test('while the market is closed the age stands still, and the deadline lies behind its opening', () => {
  const inIt = judged(friday - minute, friday + 20 * hour);
  expect(inIt).toMatchObject({ state: 'healthy', ageMs: minute });
  expect(inIt.staleInMs).toBe(29 * hour + 4 * minute);
});

test('once it has opened the rest of the age counts', () => {
  expect(judged(friday - minute, reopening + 3 * minute)).toMatchObject({
    state: 'healthy',
    ageMs: 4 * minute,
  });
  expect(judged(friday - minute, reopening + 5 * minute)).toMatchObject({
    state: 'stale',
    ageMs: 6 * minute,
  });
});

test('a bot that was stale when it closed stays stale, and a beat from the future is no beat', () => {
  expect(judged(friday - 10 * minute, friday + hour).state).toBe('stale');
  expect(judged(friday + 40 * hour, friday + hour).state).toBe('unknown');
});

test('the time of the file, where it is earlier than the date, does not count while the market is closed either', () => {
  const judgedOf = (updatedAt: number, mtimeMs: number, now: number) =>
    judge({ ...beatAt(updatedAt), mtimeMs } as Reading, null, defaultHealthPolicy, weekend, now);
  const wroteBefore = friday - minute;
  for (const date of [friday + minute, friday + 20 * hour + 30_000])
    expect(judgedOf(date, wroteBefore, friday + 20 * hour)).toMatchObject({
      state: 'healthy',
      ageMs: minute,
    });
  expect(judgedOf(friday + minute, wroteBefore, reopening + 5 * minute)).toMatchObject({
    state: 'stale',
    ageMs: 6 * minute,
  });
});

test('a progress that stands still for a closure is no stall', () => {
  const policy = { ...defaultHealthPolicy, maxStallMs: 10 * minute };
  const now = reopening + minute;
  const look = (stalledMs: number) =>
    judge(beatAt(now - 1000), { unchangedMs: 1000, exact: true, stalledMs }, policy, weekend, now).state;
  expect(look(49 * hour + 5 * minute)).toBe('healthy');
  expect(look(49 * hour + 15 * minute)).toBe('stuck');
});

test('a closure takes no more from an age than its own length, and makes nobody stale', () => {
  const ages = fc.integer({ min: 0, max: 100 * hour });
  fc.assert(
    fc.property(ages, ages, (age, later) => {
      const now = friday + later;
      const plain = judge(beatAt(now - age), null, defaultHealthPolicy, null, now);
      const closed = judged(now - age, now);
      expect(closed.ageMs ?? 0).toBeLessThanOrEqual(plain.ageMs ?? 0);
      expect(closed.ageMs ?? 0).toBeGreaterThanOrEqual((plain.ageMs ?? 0) - 49 * hour);
      if (plain.state === 'healthy') expect(closed.state).toBe('healthy');
    }),
  );
});
