import { healthStates } from '@sentinel/heartbeat-core';
import { actableAt } from '../may-act.ts';
import type { Observation } from '../observation.ts';
import { unsafeOf } from '../outlook.ts';
import type { RestartPolicy } from '../policy.ts';
import { restartsLeft } from '../restart-budget.ts';
import { type Handler, type Step, silently } from '../step.ts';
import { endedAt } from '../stop-by-us.ts';
import type { SupervisorState } from '../supervisor-state.ts';
import { restart, startFirst } from './restart.ts';

/**
 * The monitor is to be the bot's parent, and has just begun: the bot is started unless it beats. What stands against a
 * restart stands against this start too.
 */
export const asParent: Handler = (given, seen, now, policy) => {
  const state = { ...given, toStart: false };
  if (healthStates[seen.health.state].beats && !isOfEnded(state, seen)) return silently(state);
  // A stop that the monitor before has seen is of a person: what the bot says when both are ended it does not see.
  if (state.phase === 'stopped') return silently(state);
  if (state.pausedUntil !== null) return silently(waitForPause(given, now));
  const dueAt = actableAt(state, seen, now, policy);
  if (state.incident !== null) return goOnAsParent(state, seen, now, policy, dueAt);
  // One that lives has the grace of each start of a monitor: the machine may have slept, and the bot with it.
  if (seen.health.state !== 'down' && seen.processes.custody?.kind === 'held') return silently(state);
  if (now >= dueAt || unsafeOf(seen, policy) !== null) return startFirst(state, seen, now, policy);
  // For now its file gives no beat, say: whether there is a bot to start is seen later.
  return Number.isFinite(dueAt) ? silently(given, dueAt) : silently(state);
};

/** Its last beat is of the bot that the monitor before has ended with itself, and no process is found. */
const isOfEnded = ({ ended }: SupervisorState, { beatAt, processes }: Observation): boolean =>
  ended?.byUs === true && beatAt !== null && beatAt <= ended.at && processes.custody?.kind === 'gone';

/** Told that it is not well, or restarted, it is only when the pause is over. */
const waitForPause = (state: SupervisorState, now: number): SupervisorState =>
  state.incident === null ? state : leftDown(state, now);

/** A last beat that says that the end was planned is of the monitor before, which ended its bot with itself. */
const leftDown = (state: SupervisorState, now: number): SupervisorState => ({
  ...state,
  toStart: false,
  ended: endedAt(state, now),
});

/** In an incident that goes on a start is a restart: told, counted, not beyond the budget, and not before its time. */
const goOnAsParent = (
  state: SupervisorState,
  seen: Observation,
  now: number,
  policy: RestartPolicy,
  dueAt: number,
): Step =>
  restartsLeft(state.budget, now, policy) === 0 || now < Math.max(dueAt, state.budget.nextAt)
    ? silently(leftDown(state, now))
    : restart(state, seen, now, policy);
