import { isOurDoing } from './last-words.ts';
import type { Observation } from './observation.ts';
import type { EventKind } from './phases.ts';
import type { RestartPolicy } from './policy.ts';
import type { SupervisorState } from './supervisor-state.ts';

/** What this look amounts to in this phase. */
export const eventOf = (
  state: SupervisorState,
  observation: Observation,
  now: number,
  policy: RestartPolicy,
): EventKind => {
  const { health, closed } = observation;
  const { phase } = state;
  if (health.state === 'stopped' && !isOurDoing(state, observation, policy)) return 'stopped';
  const tooLongInError = state.errorDueAt !== null && now >= state.errorDueAt;
  if ((health.state === 'healthy' || health.state === 'degraded') && !tooLongInError) {
    if (phase === 'restarting' && isOfOldStart(state, observation))
      return isGraceOver(state, observation, now) ? 'unproven' : 'ill';
    if (phase === 'starting' && state.beatAfter !== null && !((observation.beatAt ?? 0) > state.beatAfter))
      return 'held';
    return 'well';
  }
  // Whoever stopped it may have tidied up after it too: only a beat says that it runs again.
  if (phase === 'stopped' && health.reason.kind === 'no-beat') return 'held';
  if (state.pausedUntil !== null || closed) return 'held';
  return isDue(state, observation, now, policy) ? 'due' : 'ill';
};

const isDue = (
  state: SupervisorState,
  observation: Observation,
  now: number,
  policy: RestartPolicy,
): boolean => {
  const { health } = observation;
  switch (state.phase) {
    case 'starting':
      return now >= state.graceUntil;
    case 'restarting':
      return isGraceOver(state, observation, now);
    case 'up':
    case 'stopped':
      return policy.failureThreshold <= 1 && health.reason.kind !== 'no-beat';
    case 'suspect':
      return now >= state.lookAgainAt;
    case 'down':
      return policy.enabled && now >= state.nextRestartAt;
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
  { restartedAt }: Pick<SupervisorState, 'restartedAt'>,
  { command }: Pick<Observation, 'command'>,
): boolean => {
  const refusedAt = command?.refusedAt ?? null;
  return refusedAt !== null && restartedAt !== null && refusedAt >= restartedAt;
};

const isGraceOver = (state: SupervisorState, observation: Observation, now: number): boolean =>
  now >= state.graceUntil || wasNotRun(state, observation);

/**
 * Whether the beat may still be of the bot that was to be replaced. A run that names itself is another one or not; one
 * that does not is new when its beat came after the command was started, since the bot before it was ended first.
 */
export const isOfOldStart = (
  { runBefore, restartedAt }: SupervisorState,
  { run, beatAt, command }: Observation,
): boolean => {
  if (run !== null) return run === runBefore;
  if (command !== null && command.refused !== null) return true;
  return beatAt === null || beatAt <= (command?.startedAt ?? restartedAt ?? 0);
};
