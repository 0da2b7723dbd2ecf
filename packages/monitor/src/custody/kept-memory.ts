import type { Memory, Run, Signature } from './memory.ts';
import type { KnownProcess } from './process.ts';

/*
 * The memory as the journal holds it: flat, with what earlier versions read.
 */

/** An earlier version wrote `startTicks`, which is the same number. */
type KeptProcess = { readonly pid: number; readonly mark?: number; readonly startTicks?: number } | null;

type KeptRun = { readonly record?: Signature; readonly known?: KeptProcess } & Partial<
  Omit<Run, 'record' | 'known'>
>;

type Kept = KeptRun & {
  /** An earlier version wrote no more of the origin. */
  readonly machine?: string | null;
} & Partial<Omit<Memory, 'last' | 'scan'> & Memory['scan']>;

/** An earlier version reads `machine` and `known.startTicks`. */
export const toKept = ({ last, scan, ...memory }: Memory): unknown => ({
  ...last,
  ...memory,
  ...scan,
  machine: memory.origin.machine,
  known: last.known === null ? null : { ...last.known, startTicks: last.known.mark },
});

const knownOf = (known: KeptProcess | undefined): KnownProcess | null => {
  const mark = known?.mark ?? known?.startTicks;
  return known === null || known === undefined || mark === undefined ? null : { pid: known.pid, mark };
};

const runOf = (record: Signature, { known, unplaced, again, sight }: KeptRun): Run => ({
  record,
  known: knownOf(known),
  unplaced: unplaced === true,
  // An earlier version did not note it.
  again: again ?? true,
  sight: sight ?? null,
});

/** What is in the journal, where it is of this form. */
export const asMemory = (value: unknown): Memory | null => {
  const kept = (value ?? {}) as Kept;
  const { record, machine = null, origin } = kept;
  if (typeof record?.updatedAt !== 'number') return null;
  return {
    // An earlier version that wrote last has left the origin as it was, and knows only of the machine.
    origin: origin?.machine === machine ? origin : { machine, host: null, rooted: null },
    elsewhere: kept.elsewhere ?? null,
    owner: kept.owner ?? null,
    last: runOf(record, kept),
    others: (kept.others ?? []).map((other) => runOf(other.record, other)),
    scan: {
      programs: kept.programs ?? [],
      earlier: kept.earlier ?? [],
      kin: kept.kin ?? [],
      starters: kept.starters ?? [],
      keepers: kept.keepers ?? [],
      search: kept.search ?? null,
    },
    heldGroup: kept.heldGroup ?? null,
  };
};
