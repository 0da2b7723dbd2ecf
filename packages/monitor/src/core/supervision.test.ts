import { defaultHealthPolicy } from '@sentinel/heartbeat-core';
import { expect, test } from 'vitest';
import { defaultRestartPolicy } from './policy.ts';
import { supervisionOf } from './supervision.ts';
import { initialState, type SupervisorState } from './supervisor-state.ts';

const courseOf = (over: Partial<SupervisorState>, enabled = true) => {
  const rules = { health: defaultHealthPolicy, restart: { ...defaultRestartPolicy, enabled } };
  return supervisionOf('m', { ...initialState(0, 60_000), ...over }, 0, rules, null, null, null).course;
};
const restart = {
  ...{ at: 5000, attempt: 2, runsBefore: [], replaced: 'known' as const },
  ...{ commandDueAt: null, commandFailed: false },
};

test('who has paused a bot, and why, is written down for others', () => {
  const pausedBy = { by: 'ann', reason: 'broker maintenance' };
  expect(courseOf({ pausedUntil: 9000, pausedBy })).toMatchObject({
    pausedBy: 'ann',
    pausedReason: 'broker maintenance',
  });
});

test('how long the phase lasts is written down: for the first beat, for the next restart, for none', () => {
  expect(courseOf({})).toMatchObject({ waitsUntil: 60_000, attempt: null, most: 5 });
  const grace = { until: 65_000, beatAfter: null };
  expect(courseOf({ phase: 'restarting', restart, grace })).toMatchObject({ waitsUntil: 65_000, attempt: 2 });
  const budget = { restarts: [], nextAt: 30_000, amnesia: false, unsafeTold: null };
  expect(courseOf({ phase: 'down', budget })).toMatchObject({ waitsUntil: 30_000 });
  expect(courseOf({ phase: 'exhausted', budget }, false)).toMatchObject({ waitsUntil: null, most: null });
});

test('why an order to stop it would be refused is written down with the restart', () => {
  const rules = { health: defaultHealthPolicy, restart: defaultRestartPolicy };
  const noStop = 'the monitor knows no process of it';
  const words = { restart: 'left to the command', noStop };
  const written = supervisionOf('m', initialState(0, 0), 0, rules, null, words, null);
  expect(written).toMatchObject({ custody: 'left to the command', course: { notStopped: noStop } });
});
