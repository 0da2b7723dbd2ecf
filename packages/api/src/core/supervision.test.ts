import { expect, test } from 'vitest';
import { supervisedBy } from './supervision.ts';

const day = 24 * 60 * 60_000;
const lastClosure = (closure: { from: number; to: number } | null) => {
  const row = {
    monitor: null,
    phase: null,
    restartsLeft: null,
    pausedUntil: null,
    halted: null,
    haltedUntil: null,
    maxAgeMs: null,
    maxStallMs: null,
    maxFeedAgeMs: null,
    aheadMs: null,
    behindMs: null,
    format: null,
    custody: null,
    course: null,
    seenAt: null,
    ended: false,
    letGoAt: null,
    closure,
  };
  return supervisedBy(row, undefined, 0).asked.market.lastClosure(30 * day);
};

test('a closure that no market hours leave takes nothing out of an age', () => {
  const weekend = { from: 5 * day, to: 7 * day };
  expect(lastClosure(weekend)).toEqual(weekend);
  expect(lastClosure({ from: 0, to: 22 * day })).toBeNull();
  expect(lastClosure({ from: 7 * day, to: 5 * day })).toBeNull();
  expect(lastClosure(null)).toBeNull();
});
