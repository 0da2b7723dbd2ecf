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
      return now >= state.graceUntil ? 'unproven' : 'ill';
    if (phase === 'starting' && state.beatAfter !== null && !((observation.beatAt ?? 0) > state.beatAfter))
      return 'held';
    return 'well';
  }
  // Whoever stopped it may have tidied up after it too: only a beat says that it runs again.
  if (phase === 'stopped' && health.reason.kind === 'no-beat') return 'held';
  if (state.pausedUntil !== null || closed) return 'held';
  return isDue(state, observation, now, policy) ? 'due' : 'ill';
};

/** How long it may take from the decision to end a bot and its group until their last words were seen, in ms. */
const lastWordsMs = ({ killAfterMs }: RestartPolicy) => 2 * killAfterMs + 15_000;

/**
 * Whether a bot that says that its end was planned says so because the monitor ended it: a polite bot takes TERM for
 * that. It holds until the bot was well again, so that a restart that fails stays an incident.
 */
export const isOurDoing = (
  { endedAt }: Pick<SupervisorState, 'endedAt'>,
  { beatAt }: Pick<Observation, 'beatAt'>,
  policy: RestartPolicy,
): boolean => endedAt !== null && (beatAt === null || beatAt <= endedAt + lastWordsMs(policy));

const isDue = (
  state: SupervisorState,
  { health }: Observation,
  now: number,
  policy: RestartPolicy,
): boolean => {
  switch (state.phase) {
    case 'starting':
    case 'restarting':
      return now >= state.graceUntil;
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
