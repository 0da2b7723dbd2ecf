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
  ...(state.incident === null ? {} : { since: state.incident.since }),
  ...(status === null ? {} : { lastStatus: status }),
});

/** Looks that find the bot unwell are counted; what may be over in a moment is looked at again before it counts. */
export const doubt: Handler = (state, seen, now, policy) => {
  const { failureThreshold, recheckMs } = policy;
  const suspicion =
    failureThreshold > 1
      ? { looks: 1, againAt: now + recheckMs }
      : { looks: 0, againAt: now + patienceMs(seen, policy) };
  return silently({ ...state, phase: 'suspect', suspicion });
};

export const confirm: Handler = (state, seen, now, policy) => {
  const looks = (state.suspicion?.looks ?? 0) + 1;
  if (looks < policy.failureThreshold)
    return silently({ ...state, suspicion: { looks, againAt: now + policy.recheckMs } });
  const { incident } = state;
  if (incident === null) return open({ ...state, phase: 'down' }, seen, now, policy);
  return silently({
    ...state,
    phase: incident.exhausted ? 'exhausted' : 'down',
    suspicion: null,
    incident: { ...incident, settleUntil: null },
  });
};

/** An incident begins, and people are told what is done about it. */
export const open: Handler = (state, seen, now, policy) => {
  const { bot, health } = seen;
  const endedAt = state.incidentEndedAt ?? Number.NEGATIVE_INFINITY;
  const restart = outlookOf(state, seen, now, policy);
  const next: SupervisorState = {
    ...state,
    suspicion: null,
    grace: null,
    incident: {
      since: Math.max(now - illForMs(health), endedAt),
      toldAt: now,
      flapping: now - endedAt < policy.settleMs,
      settleUntil: null,
      reminders: 0,
      remindAt: now + policy.remindMs,
      exhausted: false,
      lastResortRun: false,
    },
    budget: { ...state.budget, unsafeTold: restart.kind === 'not-safe' ? restart.why : null },
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
  suspicion: null,
  grace: null,
  ended: null,
  ending: null,
});

const close = (state: SupervisorState, now: number): SupervisorState => ({
  ...well(state),
  incident: null,
  incidentEndedAt: now,
  restart: state.restart === null ? null : { ...state.restart, commandFailed: false },
  budget: { ...state.budget, unsafeTold: null },
});

const recovered = (state: SupervisorState, seen: Observation, now: number): Action =>
  tell({
    kind: 'recovered',
    bot: seen.bot,
    outageMs: now - (state.incident?.since ?? now),
    ...ofIncident(state, seen),
  });

export const recover: Handler = (state, seen, now, policy) => {
  const { incident } = state;
  if (incident === null) return silently(well(state));
  if (incident.flapping) {
    // A doubt that came to nothing is no break.
    const goesOn = state.phase === 'suspect' && (incident.settleUntil ?? 0) > now;
    const settleUntil = goesOn ? incident.settleUntil : now + policy.settleMs;
    return silently({ ...well(state), phase: 'settling', incident: { ...incident, settleUntil } });
  }
  return { state: close(state, now), actions: [recovered(state, seen, now)] };
};

export const stop: Handler = (state, { bot }, now) => {
  if (state.incident === null) return silently({ ...well(state), phase: 'stopped' });
  const text = `was stopped on purpose: its incident of ${inWords(now - state.incident.since)} is over`;
  return {
    state: { ...close(state, now), phase: 'stopped' },
    actions: [tell({ kind: 'custom', bot, severity: 'info', ends: 'critical', text })],
  };
};

export const settle: Handler = (state, seen, now) =>
  now >= (state.incident?.settleUntil ?? 0)
    ? { state: close(state, now), actions: [recovered(state, seen, now)] }
    : silently(state);
