import { type HealthState, healthStates } from '@sentinel/heartbeat-core';
import { expect, test } from 'vitest';
import { type Phase, phaseNames } from './phases.ts';
import { asksEnd, asksScan } from './questions.ts';
import { initialState } from './supervisor-state.ts';

const states = Object.keys(healthStates) as HealthState[];
const phased = (phase: Phase) => ({ ...initialState(0, 1000), phase });

test('its processes are looked for in every state in which it beats, whatever it says', () => {
  expect(states.filter((state) => asksScan(phased('up'), state))).toEqual([
    'stuck',
    'degraded',
    'halted',
    'healthy',
  ]);
});

test('they are not looked for while one is being ended or started', () => {
  expect(phaseNames.filter((phase) => asksScan(phased(phase), 'degraded'))).toEqual([
    'starting',
    'up',
    'stopped',
    'suspect',
    'down',
    'exhausted',
    'settling',
  ]);
});

test('that its process ends is news in an incident too, once', () => {
  expect(asksEnd({ ...phased('down'), goneSince: null })).toBe(true);
  expect(asksEnd({ ...phased('down'), goneSince: 1 })).toBe(false);
});
