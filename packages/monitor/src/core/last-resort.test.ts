import { expect, test } from 'vitest';
import { lastResortOf } from './last-resort.ts';
import { defaultRestartPolicy } from './policy.ts';
import type { LastBeat } from './supervisor-state.ts';
import { initialState } from './supervisor-state.ts';

const policy = { ...defaultRestartPolicy, onExhausted: true };
const beat = (watched: boolean): LastBeat => ({ key: 'a', at: 1, latestAt: 1, watched });

test.each([
  ['an intact journal', false, null, 'run'],
  ['a damaged one, and no beat since', true, null, 'forgotten'],
  ['a damaged one, and a beat that was there already', true, beat(false), 'forgotten'],
  ['a damaged one, and a beat that was seen to come since', true, beat(true), 'run'],
] as const)('with %s the last command is: %s', (_what, amnesia, lastBeat, expected) => {
  const state = initialState(0, 0);
  const known = { ...state, lastBeat, budget: { ...state.budget, amnesia } };
  expect(lastResortOf(known, null, policy)).toBe(expected);
  expect(lastResortOf(known, { lastResortRun: true }, policy)).toBe('none');
});
