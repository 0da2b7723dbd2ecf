import { expect, test } from 'vitest';
import { brokenDecision, brokenState } from './checks.ts';
import { defaultRestartPolicy } from './policy.ts';
import { initialState, type SupervisorState } from './supervisor-state.ts';

const state = initialState(0, 1000);
const policy = { ...defaultRestartPolicy, most: 1, windowMs: 60_000 };
const restart = { kind: 'restart', attempt: 1, reason: 'too-old' } as const;
const end = { kind: 'end', targets: [], signal: 'SIGTERM' } as const;
const restarting: SupervisorState = {
  ...state,
  phase: 'restarting',
  budget: { ...state.budget, restarts: [1000] },
};

test('a fresh state and a restart within its budget break no rule', () => {
  expect(brokenState(state)).toEqual([]);
  expect(brokenDecision({ state: restarting, actions: [restart], lookAt: 2000 }, 1000, policy)).toEqual([]);
});

test.each<[string, Partial<SupervisorState>]>([
  ['an end is not under way', { phase: 'ending' }],
  ['none is open', { phase: 'settling' }],
  ['in no incident', { phase: 'exhausted' }],
  ['is no number', { budget: { ...state.budget, nextAt: Number.NaN } }],
])('a state is known to be wrong: %s', (words, over) => {
  expect(brokenState({ ...state, ...over }).join()).toContain(words);
});

test.each([
  ['another one is ended', { state: restarting, actions: [restart, end], lookAt: null }],
  ['a command is run twice', { state: restarting, actions: [restart, restart], lookAt: null }],
  ['the phase is up', { state: { ...state, phase: 'up' as const }, actions: [restart], lookAt: null }],
  [
    '1 are allowed',
    {
      state: { ...restarting, budget: { ...state.budget, restarts: [500, 1000] } },
      actions: [restart],
      lookAt: null,
    },
  ],
  ['in the past', { state, actions: [], lookAt: 500 }],
])('a decision is known to be wrong: %s', (words, decision) => {
  expect(brokenDecision(decision, 1000, policy).join()).toContain(words);
});
