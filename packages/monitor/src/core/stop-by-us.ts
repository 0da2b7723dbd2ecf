import type { Observation } from './observation.ts';
import type { RestartPolicy } from './policy.ts';
import { type Handler, silently } from './step.ts';
import type { Ended, SupervisorState } from './supervisor-state.ts';

type WithEnd = Pick<SupervisorState, 'ended'>;

/** That the bot is known not to run from now on, though the monitor has not ended it itself. */
export const endedAt = ({ ended }: WithEnd, now: number): Ended => ({
  byUs: false,
  stoppedRun: null,
  ...ended,
  at: now,
});

/**
 * Until when a beat may be the last one of a bot that the monitor has ended; `null`: it has ended none. A process and
 * its group are ended one after the other: TERM, then KILL, which is given five seconds; five more are for the file.
 */
const stopCountsUntil = ({ ended }: WithEnd, { killAfterMs }: RestartPolicy): number | null =>
  ended === null ? null : ended.at + 2 * killAfterMs + 15_000;

/**
 * Whether a bot that says that its end was planned says so because the monitor ended it: a polite bot takes TERM for
 * that. It holds until the bot was well again, so that a restart that fails stays an incident.
 */
export const isStopByUs = (
  state: WithEnd,
  { beatAt, run }: Pick<Observation, 'beatAt' | 'run'>,
  policy: RestartPolicy,
): boolean => {
  const until = stopCountsUntil(state, policy);
  if (until === null) return false;
  return beatAt === null || beatAt <= until || (run !== null && run === state.ended?.stoppedRun);
};

/** Keeps which run it was: to the next start of this monitor, after a clock that was set back, its beat may look new. */
export const noteStopByUs: Handler = (state, seen, _now, policy) => {
  const { ended } = state;
  if (ended === null || seen.health.state !== 'stopped' || seen.run === ended.stoppedRun)
    return silently(state);
  return silently(
    isStopByUs(state, seen, policy) ? { ...state, ended: { ...ended, stoppedRun: seen.run } } : state,
  );
};

/** While such a beat may come it is looked for this often, in ms: seen later than that it would look planned. */
const everyMs = 1000;

/** When it is looked for again; `null`: a stop that is announced now was planned. */
export const lookForStopAt = (state: WithEnd, now: number, policy: RestartPolicy): number | null => {
  const until = stopCountsUntil(state, policy);
  return until !== null && now < until ? Math.min(now + everyMs, until) : null;
};

export const lookForStop: Handler = (state, _seen, now, policy) =>
  silently(state, lookForStopAt(state, now, policy));
