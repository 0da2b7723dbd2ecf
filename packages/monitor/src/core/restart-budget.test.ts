import { expect, test } from 'vitest';
import { defaultRestartPolicy } from './policy.ts';
import { restartsToCome } from './restart-budget.ts';
import { initialState } from './supervisor-state.ts';

const policy = { ...defaultRestartPolicy, enabled: true, most: 3, windowMs: 3 * 3_600_000 };
const state = initialState(0, 0);
const now = 10 * 3_600_000;
const withBudget = (restarts: readonly number[], amnesia = false) => ({
  ...state,
  budget: { ...state.budget, restarts, amnesia },
});

test('the restarts that are to come are those that the budget leaves', () => {
  expect(restartsToCome(withBudget([now - 1000]), now, policy)).toBe(2);
  expect(restartsToCome(state, now, { ...policy, enabled: false })).toBeNull();
});

test('a bot that was given up gets none, also when some of its restarts count no more', () => {
  expect(restartsToCome({ ...withBudget([]), phase: 'exhausted' }, now, policy)).toBe(0);
});

test('where a damaged journal has lost how many were made, one an hour is to come', () => {
  expect(restartsToCome(withBudget([], true), now, policy)).toBe(1);
  expect(restartsToCome(withBudget([now - 1000], true), now, policy)).toBe(0);
  expect(restartsToCome(withBudget([now - 2 * 3_600_000], true), now, policy)).toBe(1);
});
