import { healthStates } from '@sentinel/heartbeat-core';
import { isOurDoing } from './last-words.ts';
import { actableAt } from './may-act.ts';
import type { Observation } from './observation.ts';
import type { EventKind } from './phases.ts';
import type { RestartPolicy } from './policy.ts';
import { proofOf } from './proof.ts';
import type { SupervisorState } from './supervisor-state.ts';

/** What this look amounts to in this phase. */
export const eventOf = (
  state: SupervisorState,
  observation: Observation,
  now: number,
  policy: RestartPolicy,
): EventKind => {
  const { health } = observation;
  const { phase } = state;
  // Whatever the file says while the bot before is being ended: the look at its processes decides.
  if (phase === 'ending') return 'held';
  if (health.state === 'stopped' && !isOurDoing(state, observation, policy)) return 'stopped';
  const tooLongInError = state.errorDueAt !== null && now >= state.errorDueAt;
  if (healthStates[health.state].up && !tooLongInError) {
    if (phase === 'restarting' && !isOfEnded(state, observation))
      return ofRestarted(state, observation, now, policy);
    if (isOfEnded(state, observation)) return isDue(state, observation, now, policy) ? 'due' : 'ill';
    // A process that was started, or a file that is back, is no sign of life: nothing is ended on that either.
    if (isOfIncident(state, observation)) return 'ill';
    const beatAfter = state.grace?.beatAfter ?? null;
    if (phase === 'starting' && beatAfter !== null && !((observation.beatAt ?? 0) > beatAfter)) return 'held';
    return 'well';
  }
  // Whoever stopped it may have tidied up after it too: only a beat says that it runs again.
  if (phase === 'stopped' && (health.reason.kind === 'no-beat' || health.reason.kind === 'process-gone'))
    return 'held';
  if (state.pausedUntil !== null || health.closed) return 'held';
  return isDue(state, observation, now, policy) ? 'due' : 'ill';
};

/** The beat came before the monitor had ended what it ended: nothing of then runs any more. */
const isOfEnded = ({ phase, ended }: SupervisorState, { beatAt, run }: Observation): boolean => {
  if (ended === null || beatAt === null || beatAt > ended.at) return false;
  // A beat that names its run is told apart by that name while its restart is being proven.
  return phase === 'down' || phase === 'exhausted' || (phase === 'restarting' && run === null);
};

/** The beat is the one with which the incident began: only a newer one ends it. */
const isOfIncident = ({ phase, incident }: SupervisorState, { beatAt }: Observation): boolean =>
  incident !== null &&
  (phase === 'down' || phase === 'exhausted') &&
  beatAt !== null &&
  beatAt <= incident.toldAt;

/** It beats after a restart: whether that is the new start decides. */
const ofRestarted = (
  state: SupervisorState,
  observation: Observation,
  now: number,
  policy: RestartPolicy,
): EventKind => {
  // Where ❌ is what a restart is made for, ❌ does not prove it.
  if (observation.health.state === 'degraded' && policy.errorGraceMs !== null)
    return isGraceOver(state, observation, now) ? 'due' : 'ill';
  const proof = proofOf(state, observation);
  if (proof === 'proven') return 'well';
  return proof === 'never' || isGraceOver(state, observation, now) ? 'unproven' : 'ill';
};

const isDue = (
  state: SupervisorState,
  observation: Observation,
  now: number,
  policy: RestartPolicy,
): boolean => {
  const { health, processes, command } = observation;
  switch (state.phase) {
    case 'starting':
      // A process that is gone brings no first beat; after a reboot the system may be starting it.
      return (
        now >= (state.grace?.until ?? 0) ||
        (health.state === 'down' &&
          !processes.byReboot &&
          // What is gone is the run before: the one that was just started is on its way.
          command?.groupAlive !== true &&
          now >= actableAt(state, observation, now, policy))
      );
    case 'restarting':
      return isGraceOver(state, observation, now);
    case 'up':
    case 'stopped':
      return (
        policy.failureThreshold <= 1 &&
        health.reason.kind !== 'no-beat' &&
        (health.reason.kind !== 'process-gone' || policy.supervised === true)
      );
    case 'suspect':
      return now >= (state.suspicion?.againAt ?? 0);
    case 'down':
      return (
        policy.enabled && now >= state.budget.nextAt && now >= actableAt(state, observation, now, policy)
      );
    case 'ending':
    case 'exhausted':
    case 'settling':
      return false;
  }
};

/**
 * Whether nothing was run for the last restart: then no bot can come of it, and there is none that a grace is for. Of a
 * command that was run its exit code says nothing of the kind: it may have failed after it had started a bot.
 */
export const wasNotRun = (
  { restart }: Pick<SupervisorState, 'restart'>,
  { command }: Pick<Observation, 'command'>,
): boolean => {
  const refusedAt = command?.refusedAt ?? null;
  const at = restart?.at ?? null;
  return refusedAt !== null && at !== null && refusedAt >= at;
};

const isGraceOver = (state: SupervisorState, observation: Observation, now: number): boolean =>
  now >= (state.grace?.until ?? 0) || wasNotRun(state, observation);

/** Whether the beat may still be of the bot that was to be replaced. */
export const isOfOldStart = (state: SupervisorState, seen: Observation): boolean =>
  proofOf(state, seen) !== 'proven';
