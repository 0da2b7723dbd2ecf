import type { Observation } from './observation.ts';

/** The same look where nothing can be noted: nothing is to be ended or started on it. */
export const withoutNotes = (seen: Observation): Observation => ({
  ...seen,
  processes: {
    ...seen.processes,
    custody: { kind: 'unknown', doubt: { kind: 'memory', lacks: 'write' } },
  },
});
