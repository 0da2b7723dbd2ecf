import type { RestartPolicy } from './policy.ts';
import { nextReminder } from './reminders.ts';
import { initialState, type SupervisorState } from './supervisor-state.ts';
import { transitions } from './transitions.ts';

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
  if (!isState(kept)) return fresh;
  const { graceMs, longestBackoffMs, settleMs, errorGraceMs, restartTimeoutMs } = policy;
  const near = (at: number, aheadMs: number) => Math.min(at, now + aheadMs);
  const nearOrNull = (at: number | null | undefined, aheadMs: number) =>
    at === null || at === undefined ? null : near(at, aheadMs);
  // A new start that is waited for has the grace of today: somebody may have given it more.
  const withGrace = (at: number, ms: number) =>
    kept.phase === 'restarting' && typeof kept.restartedAt === 'number'
      ? Math.max(at, kept.restartedAt + ms)
      : at;
  const timeoutMs = restartTimeoutMs ?? graceMs;
  const state: SupervisorState = {
    ...fresh,
    ...kept,
    watchedSince: now,
    goneSince: null,
    runsBefore: runsOf(kept),
    lastGoodAt: nearOrNull(kept.lastGoodAt, 0),
    toldAt: nearOrNull(kept.toldAt, 0),
    // An end that was under way is begun anew, on what this monitor knows of the processes.
    ...(kept.phase === 'ending' ? { phase: 'down' as const, ending: null } : {}),
    restarts: kept.restarts.map((at) => near(at, 0)),
    restartedAt: nearOrNull(kept.restartedAt, 0),
    endedAt: nearOrNull(kept.endedAt, 0),
    remindAt: nearOrNull(kept.remindAt, nextReminder(30, policy.remindMs)),
    errorDueAt: nearOrNull(kept.errorDueAt, errorGraceMs ?? 0),
    commandDueAt:
      typeof kept.commandDueAt === 'number' ? near(withGrace(kept.commandDueAt, timeoutMs), timeoutMs) : null,
    duplicateToldAt: nearOrNull(kept.duplicateToldAt, 0),
    session: { ...fresh.session, ...kept.session, toldAt: nearOrNull(kept.session?.toldAt, 0) },
    skew: { ...fresh.skew, ...kept.skew, toldAt: nearOrNull(kept.skew?.toldAt, 0) },
    graceUntil: near(withGrace(kept.graceUntil, graceMs), graceMs),
    settleUntil: near(kept.settleUntil, settleMs),
    nextRestartAt: near(kept.nextRestartAt, graceMs + longestBackoffMs),
    pausedUntil: nearOrNull(kept.pausedUntil, longestPauseMs),
  };
  if (state.incidentSince !== null || ['restarting', 'stopped'].includes(state.phase)) return state;
  const goesOn = state.phase === 'starting' && state.graceUntil > now - graceMs;
  return {
    ...state,
    phase: 'starting',
    looks: 0,
    beatAfter: null,
    graceUntil: goesOn ? state.graceUntil : fresh.graceUntil,
  };
};

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
  if (!isState(kept)) return current;
  const before = resume(kept, now, policy);
  const { restarts, restartedAt, attempt, pausedUntil, incidentEndedAt, runsBefore, amnesia } = before;
  const common = {
    restarts,
    restartedAt,
    attempt,
    pausedUntil,
    runsBefore,
    amnesia,
    nextRestartAt: Math.max(current.nextRestartAt, before.nextRestartAt),
  };
  return before.incidentSince === null
    ? { ...current, ...common, incidentEndedAt: incidentEndedAt ?? current.incidentEndedAt }
    : { ...before, ...common, lastGoodAt: current.lastGoodAt, goneSince: current.goneSince };
};

/** The runs of before a restart; a journal of an earlier version names one. */
const runsOf = (kept: SupervisorState & { readonly runBefore?: string | null }): readonly string[] =>
  kept.runsBefore ?? (typeof kept.runBefore === 'string' ? [kept.runBefore] : []);

const isState = (kept: unknown): kept is SupervisorState => {
  if (typeof kept !== 'object' || kept === null) return false;
  const { phase, restarts, graceUntil, nextRestartAt } = kept as Partial<SupervisorState>;
  return (
    typeof phase === 'string' &&
    Object.hasOwn(transitions, phase) &&
    Array.isArray(restarts) &&
    restarts.every((at) => typeof at === 'number') &&
    typeof graceUntil === 'number' &&
    typeof nextRestartAt === 'number'
  );
};
