import { type Earlier, unpack } from './kept-state.ts';
import { phaseNames } from './phases.ts';
import type { RestartPolicy } from './policy.ts';
import { nextReminder } from './reminders.ts';
import { type Incident, initialState, type Restart, type SupervisorState } from './supervisor-state.ts';

const longestPauseMs = 7 * 24 * 60 * 60_000;

/**
 * What a monitor that has just started goes on from. An incident that was open goes on, and so do budget and waits;
 * otherwise the bot gets one grace to show a beat. A monitor that is killed again and again does not give it anew each
 * time. Instants that a clock set back has put too far ahead are brought near.
 *
 * @param kept the state as it was on disk; anything else is taken as nothing.
 */
export const resume = (kept: unknown, now: number, policy: RestartPolicy): SupervisorState => {
  const fresh = initialState(now, policy.graceMs);
  if (!isKept(kept)) return fresh;
  const state = brought(unpack(kept), now, policy);
  if (state.incident !== null || ['restarting', 'stopped'].includes(state.phase)) return state;
  const goesOn = state.phase === 'starting' && (state.grace?.until ?? 0) > now - policy.graceMs;
  const until = goesOn ? (state.grace?.until ?? 0) : now + policy.graceMs;
  return { ...state, phase: 'starting', suspicion: null, grace: { until, beatAfter: null } };
};

/** The state with each instant brought near. An end that was under way is begun anew, on what this monitor knows. */
const brought = (kept: SupervisorState, now: number, policy: RestartPolicy): SupervisorState => {
  const { graceMs, longestBackoffMs, errorGraceMs } = policy;
  const past = (at: number | null) => nearOrNull(at, now);
  const { incident, grace, ended, restart, budget, runs, session, skew } = kept;
  return {
    ...kept,
    ...(kept.phase === 'ending' ? { phase: 'down' as const, ending: null } : {}),
    watchedSince: now,
    goneSince: null,
    lastGoodAt: past(kept.lastGoodAt),
    errorDueAt: nearOrNull(kept.errorDueAt, now + (errorGraceMs ?? 0)),
    pausedUntil: nearOrNull(kept.pausedUntil, now + longestPauseMs),
    incident: incident && broughtIncident(incident, now, policy),
    grace: grace && { ...grace, until: Math.min(withGrace(kept, grace.until, graceMs), now + graceMs) },
    ended: ended && { ...ended, at: Math.min(ended.at, now) },
    restart: restart && broughtRestart(restart, kept, now, policy),
    budget: {
      ...budget,
      restarts: budget.restarts.map((at) => Math.min(at, now)),
      nextAt: Math.min(budget.nextAt, now + graceMs + longestBackoffMs),
    },
    runs: { ...runs, severalToldAt: past(runs.severalToldAt) },
    session: { ...session, toldAt: past(session.toldAt) },
    skew: { ...skew, toldAt: past(skew.toldAt) },
  };
};

const nearOrNull = (at: number | null, most: number): number | null =>
  at === null ? null : Math.min(at, most);

const broughtIncident = (
  incident: Incident,
  now: number,
  { settleMs, remindMs }: RestartPolicy,
): Incident => ({
  ...incident,
  toldAt: Math.min(incident.toldAt, now),
  settleUntil: nearOrNull(incident.settleUntil, now + settleMs),
  remindAt: Math.min(incident.remindAt, now + nextReminder(30, remindMs)),
});

const broughtRestart = (
  restart: Restart,
  kept: SupervisorState,
  now: number,
  { restartTimeoutMs, graceMs }: RestartPolicy,
): Restart => {
  const timeoutMs = restartTimeoutMs ?? graceMs;
  const dueAt = restart.commandDueAt === null ? null : withGrace(kept, restart.commandDueAt, timeoutMs);
  return {
    ...restart,
    at: nearOrNull(restart.at, now),
    commandDueAt: nearOrNull(dueAt, now + timeoutMs),
  };
};

/** A new start that is waited for has the grace of today: somebody may have given it more. */
const withGrace = ({ phase, restart }: SupervisorState, at: number, ms: number): number =>
  phase === 'restarting' && restart !== null && restart.at !== null ? Math.max(at, restart.at + ms) : at;

/**
 * What the monitor before has left comes in late, since the journal could not be read at the start. Its budget, its pause
 * and its incident hold; what this monitor has seen meanwhile is kept.
 */
export const resumeLate = (
  current: SupervisorState,
  kept: unknown,
  now: number,
  policy: RestartPolicy,
): SupervisorState => {
  if (!isKept(kept)) return current;
  const before = resume(kept, now, policy);
  const { restarts, amnesia, unsafeTold } = before.budget;
  const nextAt = Math.max(current.budget.nextAt, before.budget.nextAt);
  const { pausedUntil, restart } = before;
  return before.incident === null
    ? {
        ...current,
        pausedUntil,
        restart,
        budget: { ...current.budget, restarts, amnesia, nextAt },
        incidentEndedAt: before.incidentEndedAt ?? current.incidentEndedAt,
      }
    : {
        ...before,
        budget: { restarts, amnesia, unsafeTold, nextAt },
        lastGoodAt: current.lastGoodAt,
        goneSince: current.goneSince,
      };
};

/** What the monitor before has left is lost. */
export const forgetful = (state: SupervisorState): SupervisorState => ({
  ...state,
  budget: { ...state.budget, amnesia: true },
});

const isKept = (kept: unknown): kept is Earlier => {
  if (typeof kept !== 'object' || kept === null) return false;
  const { phase, restarts, graceUntil, nextRestartAt } = kept as Partial<Earlier>;
  return (
    phase !== undefined &&
    phaseNames.includes(phase) &&
    Array.isArray(restarts) &&
    restarts.every((at) => typeof at === 'number') &&
    typeof graceUntil === 'number' &&
    typeof nextRestartAt === 'number'
  );
};
