import type { Fault } from '../faults/fault.ts';

/** After these what a monitor has written may be lost. */
export const journalFaults: readonly Fault['kind'][] = [
  'journal-removed',
  'journal-damaged',
  'journal-log-removed',
  'journal-is-folder',
];

/** What has befallen the world at large, and when it was over: what nobody could know in that time is not held against anybody. */
export const createUpheavals = (now: () => number) => {
  const seen: { readonly kind: Fault['kind']; readonly from: number; readonly until: number }[] = [];
  return {
    note: (fault: Fault) => {
      const ms = 'ms' in fault ? fault.ms : 'awayMs' in fault ? fault.awayMs : 0;
      seen.push({ kind: fault.kind, from: now(), until: now() + ms });
    },
    /** One of these kinds was in force since then. */
    since: (at: number, ...kinds: Fault['kind'][]): boolean =>
      seen.some((each) => kinds.includes(each.kind) && each.until >= at),
  };
};
export type Upheavals = ReturnType<typeof createUpheavals>;
