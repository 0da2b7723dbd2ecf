import type { Action } from './actions.ts';
import type { Observation } from './observation.ts';
import type { SupervisorState } from './supervisor-state.ts';

/** Begins what the next monitor has to know of: an end, a start, or the last resort. */
export const mustBeNoted = ({ phase }: Pick<SupervisorState, 'phase'>, actions: readonly Action[]): boolean =>
  actions.some(
    // What is being ended already is ended with KILL, whatever the journal does meanwhile.
    ({ kind }) => kind === 'restart' || kind === 'last-resort' || (kind === 'end' && phase !== 'ending'),
  );

/** The same look where nothing can be noted: nothing is to be ended or started on it. */
export const withoutNotes = (seen: Observation): Observation => ({
  ...seen,
  processes: {
    ...seen.processes,
    custody: { kind: 'unknown', doubt: { kind: 'memory', lacks: 'write' } },
  },
});
