import type { Health } from '@sentinel/heartbeat-core';
import { inWords, type Notification } from '@sentinel/notify';
import type { Action } from './actions.ts';
import { explainSight } from './explain.ts';
import type { Observation } from './observation.ts';
import { outlookOf } from './outlook.ts';
import type { RestartPolicy } from './policy.ts';
import type { SupervisorState } from './supervisor-state.ts';

export type Step = { readonly state: SupervisorState; readonly actions: readonly Action[] };
export type Handler = (state: SupervisorState, seen: Observation, now: number, policy: RestartPolicy) => Step;

export const tell = (notification: Notification): Action => ({ kind: 'notify', notification });
export const silently = (state: SupervisorState): Step => ({ state, actions: [] });

/** A look that gave no beat, or found the process gone, is made again after this, in ms: most of it is over by then. */
const secondLookMs = 2000;

const patienceMs = ({ health }: Observation, policy: RestartPolicy): number => {
  if (health.reason.kind === 'process-gone') return policy.supervised === true ? 0 : secondLookMs / 2;
  if (health.reason.kind !== 'no-beat') return 0;
  return Math.min(secondLookMs, (policy.maxAgeMs ?? secondLookMs) / 3);
};

/** Since when it has not been well, as far as is known: not when that was noticed. */
const illForMs = ({ reason, ageMs }: Health): number => {
  if (reason.kind === 'no-progress') return reason.stalledMs;
  return reason.kind === 'process-gone' ? 0 : (ageMs ?? 0);
};

export const ofIncident = (state: SupervisorState, { status }: Observation) => ({
  ...(state.incidentSince === null ? {} : { since: state.incidentSince }),
  ...(status === null ? {} : { lastStatus: status }),
});

/** Looks that find the bot unwell are counted; what may be over in a moment is looked at again before it counts. */
export const doubt: Handler = (state, seen, now, policy) => {
  const { failureThreshold, recheckMs } = policy;
  return silently(
    failureThreshold > 1
      ? { ...state, phase: 'suspect', looks: 1, lookAgainAt: now + recheckMs }
      : { ...state, phase: 'suspect', looks: 0, lookAgainAt: now + patienceMs(seen, policy) },
  );
};

export const confirm: Handler = (state, seen, now, policy) => {
  const looks = state.looks + 1;
  if (looks < policy.failureThreshold)
    return silently({ ...state, looks, lookAgainAt: now + policy.recheckMs });
  if (state.incidentSince !== null)
    return silently({ ...state, looks: 0, phase: state.exhausted ? 'exhausted' : 'down' });
  return open({ ...state, phase: 'down' }, seen, now, policy);
};

/** An incident begins, and people are told what is done about it. */
export const open: Handler = (state, seen, now, policy) => {
  const { bot, health } = seen;
  const endedAt = state.incidentEndedAt ?? Number.NEGATIVE_INFINITY;
  const restart = outlookOf(state, seen, now, policy);
  const next: SupervisorState = {
    ...state,
    looks: 0,
    graceUntil: 0,
    incidentSince: Math.max(now - illForMs(health), endedAt),
    toldAt: now,
    flapping: now - endedAt < policy.settleMs,
    reminders: 0,
    remindAt: now + policy.remindMs,
    unsafeTold: restart.kind === 'not-safe' ? restart.why : null,
  };
  return {
    state: next,
    actions: [
      tell({
        kind: 'unhealthy',
        bot,
        state: health.state,
        reason: explainSight(state, seen),
        restart,
        ...ofIncident(next, seen),
      }),
    ],
  };
};

export const well = (state: SupervisorState): SupervisorState => ({
  ...state,
  phase: 'up',
  looks: 0,
  graceUntil: 0,
  beatAfter: null,
  endedAt: null,
  endedByUs: false,
  goodbyeOf: null,
  ending: null,
});

const close = (state: SupervisorState, now: number): SupervisorState => ({
  ...well(state),
  incidentSince: null,
  toldAt: null,
  incidentEndedAt: now,
  flapping: false,
  exhausted: false,
  lastResortRun: false,
  reminders: 0,
  remindAt: null,
  unsafeTold: null,
  commandFailed: false,
});

const recovered = (state: SupervisorState, seen: Observation, now: number): Action =>
  tell({
    kind: 'recovered',
    bot: seen.bot,
    outageMs: now - (state.incidentSince ?? now),
    ...ofIncident(state, seen),
  });

export const recover: Handler = (state, seen, now, policy) => {
  if (state.incidentSince === null) return silently(well(state));
  if (state.flapping) {
    // A doubt that came to nothing is no break.
    const goesOn = state.phase === 'suspect' && state.settleUntil > now;
    const settleUntil = goesOn ? state.settleUntil : now + policy.settleMs;
    return silently({ ...well(state), phase: 'settling', settleUntil });
  }
  return { state: close(state, now), actions: [recovered(state, seen, now)] };
};

export const stop: Handler = (state, { bot }, now) => {
  if (state.incidentSince === null) return silently({ ...well(state), phase: 'stopped' });
  const text = `was stopped on purpose: its incident of ${inWords(now - state.incidentSince)} is over`;
  return {
    state: { ...close(state, now), phase: 'stopped' },
    actions: [tell({ kind: 'custom', bot, severity: 'info', ends: 'critical', text })],
  };
};

export const settle: Handler = (state, seen, now) =>
  now >= state.settleUntil
    ? { state: close(state, now), actions: [recovered(state, seen, now)] }
    : silently(state);
