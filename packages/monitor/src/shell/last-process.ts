import type { StatusRecord } from '@sentinel/heartbeat-core';
import type { Sight } from '../custody/custody.ts';
import type { KnownProcess } from '../custody/process.ts';

/** Who wrote a beat, as far as it takes to find that process. */
export type LastProcess = Pick<StatusRecord, 'updatedAt'> & {
  readonly [Key in 'pid' | 'host' | 'boot' | 'instance' | 'startedAt']?: StatusRecord[Key] | undefined;
};

/** One run of the bot: what it says of itself, and what was seen of its process. */
export type Writer = {
  readonly record: LastProcess;
  readonly known: KnownProcess | null;
  /** It beat on while no process had its number. */
  readonly unplaced: boolean;
  readonly sight: Sight | null;
};

/** What a monitor remembers of the processes of a bot, for the monitor after it. */
export type Remembered = Writer & {
  /** The start of the machine, and the pid namespace, in which all of it counts: `<boot id> <pid namespace>`. */
  readonly machine: string | null;
  /** The user who wrote the file. */
  readonly owner: number | null;
  /** Runs of before, the newest first: one of them may still live. */
  readonly others: readonly Writer[];
  /** Processes that ran the bot's program while it beat. */
  readonly programs: readonly KnownProcess[];
  /** What these, and the process behind the beats, had started: it lives on where only they are ended. */
  readonly kin: readonly KnownProcess[];
  /** Processes that name the bot's script and only start it. */
  readonly starters: readonly KnownProcess[];
  /** Whether what was searched for (`of`) finds the bot while it beats; `null`: not known. */
  readonly search: { readonly of: string; readonly finds: boolean } | null;
  /** The process group of the restart command in which the bot beat. */
  readonly heldGroup: number | null;
};

export type ProcessMemory = {
  readonly load: () => Remembered | null;
  /** False: the journal could not be read so far, so that nothing is known of before. */
  readonly isKnown: () => boolean;
  readonly save: (last: Remembered) => void;
};

type Kept = {
  readonly record?: LastProcess;
  /** An earlier version wrote `startTicks`, which is the same number. */
  readonly known?: { readonly pid: number; readonly mark?: number; readonly startTicks?: number } | null;
} & Partial<Omit<Remembered, 'record' | 'known'>>;

const knownOf = (known: Kept['known']): KnownProcess | null => {
  const mark = known?.mark ?? known?.startTicks;
  return known === null || known === undefined || mark === undefined ? null : { pid: known.pid, mark };
};

/** What is written; an earlier version reads `known.startTicks`. */
export const toKept = (remembered: Remembered): unknown => ({
  ...remembered,
  known: remembered.known === null ? null : { ...remembered.known, startTicks: remembered.known.mark },
});

const startOf = (machine: string | null) => machine?.split(' ')[0];

/**
 * The id of a start is not proof of one: beside a service that is walled off, a container of a whole system may show another
 * id. A file that has changed since this start was not written before it, and what wrote it may live.
 *
 * @param now when the file was looked at and when it had changed, in ms since the machine's start.
 */
export const sinceThisStart = (kept: Remembered, now: Sight): Remembered =>
  kept.sight === null || kept.sight.fileUp >= 0 || now.fileUp < 0
    ? kept
    : { ...kept, sight: now, programs: kept.programs.filter(({ mark }) => mark !== -1) };

/**
 * What is in the journal, where it is of this form. Of another start of the machine counts of time mean nothing: every
 * process of then is gone, and what was seen was seen before this start.
 */
export const asProcess = (kept: unknown, machine: string | null): Remembered | null => {
  const {
    record,
    known = null,
    others = [],
    programs = [],
    kin = [],
    starters = [],
    ...rest
  } = (kept ?? {}) as Kept;
  if (typeof record?.updatedAt !== 'number') return null;
  const where = rest.machine ?? null;
  const isHere = where !== null && where === machine;
  const before: Sight = { seenUp: -1, fileUp: -1 };
  // Counts of time are of the start of the machine, whichever container they were taken in.
  const isThisStart = machine === null || startOf(where) === startOf(machine);
  const sightOf = (sight: Sight | null | undefined) => (isThisStart ? (sight ?? null) : before);
  return {
    record,
    known: isHere ? knownOf(known) : null,
    unplaced: rest.unplaced === true,
    sight: sightOf(rest.sight),
    machine: where,
    owner: rest.owner ?? null,
    others: others.map((other) => ({
      record: other.record,
      known: isHere ? knownOf(other.known) : null,
      unplaced: other.unplaced === true,
      sight: sightOf(other.sight),
    })),
    programs: isHere ? programs : programs.map(({ pid }) => ({ pid, mark: -1 })),
    kin: isHere ? kin : [],
    starters: isHere ? starters : [],
    search: rest.search ?? null,
    heldGroup: rest.heldGroup ?? null,
  };
};
