import { explainHealth, type Health } from '@sentinel/heartbeat-core';
import { inWords, type Notification } from '@sentinel/slack';
import type { Action } from './actions.ts';
import { restartWait } from './backoff.ts';
import { wasNotRun } from './event-of.ts';
import { explainFailedRestart } from './explain.ts';
import type { Observation } from './observation.ts';
import type { RestartPolicy } from './policy.ts';
import { restartsInWindow, restartsLeft } from './restart-budget.ts';
import type { SupervisorState } from './supervisor-state.ts';
import type { Rule } from './transitions.ts';

export type Step = { readonly state: SupervisorState; readonly actions: readonly Action[] };
type Handler = (state: SupervisorState, seen: Observation, now: number, policy: RestartPolicy) => Step;

const tell = (notification: Notification): Action => ({ kind: 'notify', notification });
const silently = (state: SupervisorState): Step => ({ state, actions: [] });

/** A bot whose file gave no beat is looked at again: whoever replaces it badly is done by then, in ms. */
const secondLookMs = 20;

/** Since when it has not been well, as far as is known: not when that was noticed. */
const illForMs = ({ reason, ageMs }: Health): number =>
  reason.kind === 'no-progress' ? reason.stalledMs : (ageMs ?? 0);

const ofIncident = (state: SupervisorState, { status }: Observation) => ({
  ...(state.incidentSince === null ? {} : { since: state.incidentSince }),
  ...(status === null ? {} : { lastStatus: status }),
});

const doubt: Handler = (state, { health }, now, { failureThreshold, recheckMs }) => {
  const wait = health.reason.kind === 'no-beat' ? secondLookMs : 0;
  return silently(
    failureThreshold > 1
      ? { ...state, phase: 'suspect', looks: 1, lookAgainAt: now + recheckMs }
      : { ...state, phase: 'suspect', looks: 0, lookAgainAt: now + wait },
  );
};

const confirm: Handler = (state, seen, now, policy) => {
  const looks = state.looks + 1;
  if (looks < policy.failureThreshold)
    return silently({ ...state, looks, lookAgainAt: now + policy.recheckMs });
  if (state.incidentSince !== null)
    return silently({ ...state, looks: 0, phase: state.exhausted ? 'exhausted' : 'down' });
  return open({ ...state, phase: 'down' }, seen, now, policy);
};

const open: Handler = (state, seen, now, policy) => {
  const { bot, health } = seen;
  const endedAt = state.incidentEndedAt ?? Number.NEGATIVE_INFINITY;
  const next: SupervisorState = {
    ...state,
    looks: 0,
    graceUntil: 0,
    incidentSince: Math.max(now - illForMs(health), endedAt),
    flapping: now - endedAt < policy.settleMs,
    reminders: 0,
    remindAt: now + policy.remindMs,
  };
  return {
    state: next,
    actions: [
      tell({
        kind: 'unhealthy',
        bot,
        state: health.state,
        reason: explainHealth(health),
        willRestart: policy.enabled && now >= state.nextRestartAt && restartsLeft(state, now, policy) !== 0,
        ...ofIncident(next, seen),
      }),
    ],
  };
};

/** A restart, or the end of restarting when the budget of the window is spent. */
export const restart: Handler = (state, seen, now, policy) => {
  const { bot, health, chance } = seen;
  const used = restartsInWindow(state, now, policy);
  if (used.length >= policy.most) return giveUp(state, seen, used.length, policy);
  const attempt = used.length + 1;
  const { graceMs, restartTimeoutMs, most } = policy;
  return {
    state: {
      ...state,
      phase: 'restarting',
      restarts: [...used, now],
      restartedAt: now,
      attempt,
      graceUntil: now + graceMs,
      nextRestartAt: now + graceMs + restartWait(attempt, chance, policy),
      commandDueAt: now + (restartTimeoutMs ?? graceMs),
      runBefore: seen.run,
      endedAt: now,
      beatAfter: null,
      errorDueAt: null,
    },
    actions: [
      tell({ kind: 'restart-attempted', bot, attempt, most, graceMs, ...ofIncident(state, seen) }),
      { kind: 'restart', attempt, reason: health.reason.kind },
    ],
  };
};

const giveUp = (state: SupervisorState, seen: Observation, attempts: number, policy: RestartPolicy): Step => {
  const { windowMs } = policy;
  const lastResort = policy.onExhausted && !state.lastResortRun;
  const spent = tell({
    kind: 'budget-exhausted',
    bot: seen.bot,
    attempts,
    windowMs,
    lastResort,
    ...ofIncident(state, seen),
  });
  return {
    state: {
      ...state,
      phase: 'exhausted',
      exhausted: true,
      lastResortRun: state.lastResortRun || lastResort,
    },
    actions: lastResort
      ? [spent, { kind: 'last-resort', reason: 'budget-spent', attempts, windowMs }]
      : [spent],
  };
};

const failure = (
  state: SupervisorState,
  seen: Observation,
  { most }: RestartPolicy,
  nextInMs: number | null,
): Action => {
  const { command, bot } = seen;
  return tell({
    kind: 'restart-failed',
    bot,
    attempt: state.attempt,
    most,
    reason: explainFailedRestart(command),
    nextInMs,
    ...(command === null ? {} : { exitCode: command.exitCode, signal: command.signal }),
    ...(command === null || command.output === '' ? {} : { output: command.output }),
    ...ofIncident(state, seen),
  });
};

const fail: Handler = (given, seen, now, policy) => {
  // The wait before the next attempt begins after the grace, or now where no grace was needed.
  const soonest = now + restartWait(given.attempt, seen.chance, policy);
  const state = wasNotRun(given, seen)
    ? { ...given, nextRestartAt: Math.min(given.nextRestartAt, soonest) }
    : given;
  const another = !state.exhausted && (restartsLeft(state, now, policy) ?? 0) > 0;
  const failed = failure(state, seen, policy, another ? Math.max(0, state.nextRestartAt - now) : null);
  const phase = state.exhausted ? 'exhausted' : 'down';
  if (state.incidentSince !== null) return { state: { ...state, phase, graceUntil: 0 }, actions: [failed] };
  // It was restarted by order, without an incident: now there is one.
  const opened = open({ ...state, phase }, seen, now, policy);
  return { state: opened.state, actions: [...opened.actions, failed] };
};

const well = (state: SupervisorState): SupervisorState => ({
  ...state,
  phase: 'up',
  looks: 0,
  graceUntil: 0,
  beatAfter: null,
  endedAt: null,
  goodbyeOf: null,
});

const close = (state: SupervisorState, now: number): SupervisorState => ({
  ...well(state),
  incidentSince: null,
  incidentEndedAt: now,
  flapping: false,
  exhausted: false,
  lastResortRun: false,
  reminders: 0,
  remindAt: null,
});

const recover: Handler = (state, seen, now, policy) => {
  if (state.incidentSince === null) return silently(well(state));
  if (state.flapping) {
    // A doubt that came to nothing is no break.
    const goesOn = state.phase === 'suspect' && state.settleUntil > now;
    const settleUntil = goesOn ? state.settleUntil : now + policy.settleMs;
    return silently({ ...well(state), phase: 'settling', settleUntil });
  }
  return { state: close(state, now), actions: [recovered(state, seen, now)] };
};

const recovered = (state: SupervisorState, seen: Observation, now: number): Action =>
  tell({
    kind: 'recovered',
    bot: seen.bot,
    outageMs: now - (state.incidentSince ?? now),
    ...ofIncident(state, seen),
  });

const verify: Handler = (state, seen, now, policy) => {
  const { attempt, restartedAt } = state;
  const rest = recover(
    // The wait before another one begins with the success: a bot that crashes again and again is not restarted in step.
    { ...state, nextRestartAt: now + restartWait(attempt, seen.chance, policy) },
    seen,
    now,
    policy,
  );
  const verified = tell({
    kind: 'restart-verified',
    bot: seen.bot,
    attempt,
    tookMs: now - (restartedAt ?? now),
    pid: seen.writer?.pid ?? null,
    ...ofIncident(state, seen),
  });
  return { state: rest.state, actions: [verified, ...rest.actions] };
};

const conclude: Handler = (state, seen, now, policy) => {
  const rest = recover(state, seen, now, policy);
  return { state: rest.state, actions: [failure(state, seen, policy, null), ...rest.actions] };
};

const stop: Handler = (state, { bot }, now) => {
  if (state.incidentSince === null) return silently({ ...well(state), phase: 'stopped' });
  const text = `was stopped on purpose: its incident of ${inWords(now - state.incidentSince)} is over`;
  return {
    state: { ...close(state, now), phase: 'stopped' },
    actions: [tell({ kind: 'custom', bot, severity: 'info', ends: 'critical', text })],
  };
};

const settle: Handler = (state, seen, now) =>
  now >= state.settleUntil
    ? { state: close(state, now), actions: [recovered(state, seen, now)] }
    : silently(state);

/** What each cell of the table means. */
export const steps = {
  wait: silently,
  greet: (state) => silently(well(state)),
  stop,
  doubt,
  confirm,
  restart,
  fail,
  verify,
  conclude,
  recover,
  settle,
} satisfies Record<Rule, Handler>;
