import type { StatusRecord } from '@sentinel/heartbeat-core';
import type { Sight } from '../custody/custody.ts';
import { isSameStart, type Origin, whereaboutsOf } from '../custody/origin.ts';
import type { KnownProcess } from '../custody/process.ts';

/** Who wrote a beat, as far as it takes to find that process. */
type LastProcess = Pick<StatusRecord, 'updatedAt'> & {
  readonly [Key in 'pid' | 'host' | 'boot' | 'instance' | 'startedAt']?: StatusRecord[Key] | undefined;
};

/** One run of the bot: what it says of itself, and what was seen of its process. */
export type Writer = {
  readonly record: LastProcess;
  readonly known: KnownProcess | null;
  /** It beat on while no process had its number. */
  readonly unplaced: boolean;
  /** It was seen to beat more than once: what was copied over the file names somebody once. */
  readonly again: boolean;
  readonly sight: Sight | null;
};

/** What a monitor remembers of the processes of a bot, for the monitor after it. */
export type Remembered = Writer & {
  /** Where all of it counts. */
  readonly origin: Origin;
  /** The bot was seen on another machine, or in another container, and nothing has shown since that it runs here. */
  readonly elsewhere: { readonly host: string | null } | null;
  /** The user who wrote the file. */
  readonly owner: number | null;
  /** Runs of before, the newest first: one of them may still live. */
  readonly others: readonly Writer[];
  /** Processes that ran the bot's program while it beat. */
  readonly programs: readonly KnownProcess[];
  /** The same of a restart command before this one. */
  readonly earlier: readonly KnownProcess[];
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

/** An earlier version wrote `startTicks`, which is the same number. */
type KeptProcess = { readonly pid: number; readonly mark?: number; readonly startTicks?: number } | null;

type Kept = {
  readonly record?: LastProcess;
  readonly known?: KeptProcess;
  /** An earlier version wrote no more of the origin. */
  readonly machine?: string | null;
} & Partial<Omit<Remembered, 'record' | 'known'>>;

const knownOf = (known: KeptProcess | undefined): KnownProcess | null => {
  const mark = known?.mark ?? known?.startTicks;
  return known === null || known === undefined || mark === undefined ? null : { pid: known.pid, mark };
};

/** What is written; an earlier version reads `machine` and `known.startTicks`. */
export const toKept = (remembered: Remembered): unknown => ({
  ...remembered,
  machine: remembered.origin.machine,
  known: remembered.known === null ? null : { ...remembered.known, startTicks: remembered.known.mark },
});

/**
 * The id of a start is not proof of one: beside a service that is walled off, a container of a whole system may show another
 * id. A file that has changed since this start was not written before it, and what wrote it may live.
 *
 * @param now when the file was looked at and when it had changed, in ms since the machine's start.
 */
const sinceThisStart = (kept: Remembered, now: Sight): Remembered =>
  kept.sight === null || kept.sight.fileUp >= 0 || now.fileUp < 0
    ? kept
    : {
        ...kept,
        sight: now,
        programs: kept.programs.filter(({ mark }) => mark !== -1),
        earlier: kept.earlier.filter(({ mark }) => mark !== -1),
      };

/** What is in the journal, where it is of this form. */
export const asProcess = (kept: unknown): Remembered | null => {
  const { record, known = null, others = [], machine = null, origin, ...rest } = (kept ?? {}) as Kept;
  if (typeof record?.updatedAt !== 'number') return null;
  const writerOf = (of: LastProcess, process: KeptProcess, seen: Partial<Writer>): Writer => ({
    record: of,
    known: knownOf(process),
    unplaced: seen.unplaced === true,
    // An earlier version did not note it.
    again: seen.again ?? true,
    sight: seen.sight ?? null,
  });
  return {
    ...writerOf(record, known, rest),
    // An earlier version that wrote last has left the origin as it was, and knows only of the machine.
    origin: origin?.machine === machine ? origin : { machine, host: null, rooted: null },
    elsewhere: rest.elsewhere ?? null,
    owner: rest.owner ?? null,
    others: others.map((other) => writerOf(other.record, other.known, other)),
    programs: rest.programs ?? [],
    earlier: rest.earlier ?? [],
    kin: rest.kin ?? [],
    starters: rest.starters ?? [],
    search: rest.search ?? null,
    heldGroup: rest.heldGroup ?? null,
  };
};

const ended = (those: readonly KnownProcess[]): readonly KnownProcess[] =>
  those.map(({ pid }) => ({ pid, mark: -1 }));

/** Before this start of the machine. */
const before: Sight = { seenUp: -1, fileUp: -1 };

/**
 * What is remembered, as it counts for a monitor here. Of an earlier start of this machine, or of a container that has
 * ended, every process is gone, and what was seen was seen before. Of anywhere else nothing is known: not that the bot
 * lives, and not that it is gone.
 *
 * @param now when the file was looked at and when it had changed, in ms since the machine's start.
 * @param isSuccessor the monitor that has written it has ended.
 */
export const seenFrom = (kept: Remembered, here: Origin, now: Sight, isSuccessor: boolean): Remembered => {
  const where = whereaboutsOf(kept.origin, here, now.fileUp, isSuccessor);
  if (where === 'here') return sinceThisStart({ ...kept, origin: here }, now);
  const isThisStart = isSameStart(kept.origin.machine, here.machine);
  const unknown = (writer: Writer): Writer => ({
    ...writer,
    known: null,
    sight: isThisStart ? writer.sight : before,
  });
  const hasEnded = where === 'before';
  return sinceThisStart(
    {
      ...kept,
      ...unknown(kept),
      origin: here,
      elsewhere: hasEnded ? kept.elsewhere : (kept.elsewhere ?? { host: kept.origin.host }),
      others: kept.others.map(unknown),
      programs: hasEnded ? ended(kept.programs) : [],
      earlier: hasEnded ? ended(kept.earlier) : [],
      kin: [],
      starters: [],
      search: hasEnded ? kept.search : null,
      heldGroup: hasEnded ? kept.heldGroup : null,
    },
    now,
  );
};
