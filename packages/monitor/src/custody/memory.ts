import type { StatusRecord } from '@sentinel/heartbeat-core';
import type { Sight } from './finding.ts';
import type { Origin } from './origin.ts';
import type { KnownProcess } from './process.ts';
import type { Unit } from './unit.ts';

/*
 * What is remembered of the processes of one bot. Each function gives the memory after something was seen; where nothing
 * changes it gives the same one.
 */

/** Who wrote a beat, as far as it takes to find that process. */
export type Signature = Pick<StatusRecord, 'updatedAt'> & {
  readonly [Key in 'pid' | 'host' | 'boot' | 'instance' | 'startedAt']?: StatusRecord[Key] | undefined;
};

/** One run of the bot: what it says of itself, and what was seen of its process. */
export type Run = {
  readonly record: Signature;
  readonly known: KnownProcess | null;
  /** It beat on while no process had its number. */
  readonly unplaced: boolean;
  /** It was seen to beat more than once: what was copied over the file names somebody once. */
  readonly again: boolean;
  readonly sight: Sight | null;
};

/** What has started the bot, and may start it again. */
export type Keeper = KnownProcess & {
  /** It is systemd: the service that the bot runs in. */
  readonly unit?: Unit | null;
  /** A program whose work it is to start others again. */
  readonly supervises?: true;
  /** A shell that sleeps while the bot runs: its sleeps say nothing of the next start. */
  readonly aside?: true;
};

/** What looks at the machine's processes have found while the bot beat. */
export type Scan = {
  /** Processes that ran the bot's program. */
  readonly programs: readonly KnownProcess[];
  /** The same of a restart command before this one. */
  readonly earlier: readonly KnownProcess[];
  /** What these, and the process behind the beats, had started: it lives on where only they are ended. */
  readonly kin: readonly KnownProcess[];
  /** Processes that name the bot's program and are not it: they only start it, or ran beside it. */
  readonly starters: readonly KnownProcess[];
  /** What had started these, and may start the bot again. */
  readonly keepers: readonly Keeper[];
  /** Whether what was searched for (`of`) finds the bot while it beats; `null`: not known. */
  readonly search: { readonly of: string; readonly finds: boolean } | null;
};

const noScan: Scan = { programs: [], earlier: [], kin: [], starters: [], keepers: [], search: null };

export type Memory = {
  /** Where all of it counts. */
  readonly origin: Origin;
  /** The bot was seen on another machine, or in another container, and nothing has shown since that it runs here. */
  readonly elsewhere: { readonly host: string | null } | null;
  /** The user who wrote the file. */
  readonly owner: number | null;
  readonly last: Run;
  /** Runs before it, the newest first: one of them may still live. */
  readonly others: readonly Run[];
  readonly scan: Scan;
  /** The process group of the restart command in which the bot beat. */
  readonly heldGroup: number | null;
};

/** So many runs of before are looked at. */
const mostRuns = 8;

/** Two beats with the same identity come from one run, as far as they say. */
const identityOf = ({ pid, host, boot, instance, startedAt }: Signature): string =>
  JSON.stringify([pid, host, boot, instance, startedAt]);

export const isSameRun = (one: Signature, other: Signature): boolean => identityOf(one) === identityOf(other);

export const nothingSeen = {
  elsewhere: null,
  others: [],
  scan: noScan,
  heldGroup: null,
} satisfies Partial<Memory>;

/** Runs that name no process cannot be found. */
const findable = (memory: Memory | null): readonly Run[] =>
  memory === null ? [] : [...(memory.last.record.pid === undefined ? [] : [memory.last]), ...memory.others];

/** Each run once, without this one: two bots that beat in turn would push a third one out. */
const eachOnce = (runs: readonly Run[], than: Signature): readonly Run[] =>
  runs.filter(
    ({ record }, index) =>
      !isSameRun(record, than) && runs.findIndex((other) => isSameRun(other.record, record)) === index,
  );

/** The last beat comes from another run than the one before it. */
export const withRun = (
  before: Memory | null,
  record: Signature,
  sight: Sight,
  at: Pick<Memory, 'origin' | 'owner'>,
): Memory => {
  const { updatedAt, pid, host, boot, instance, startedAt } = record;
  const signature = { updatedAt, pid, host, boot, instance, startedAt };
  // A run that beats again after another one did is known by what was seen of it before.
  const seen = findable(before).find((run) => isSameRun(run.record, record));
  return {
    ...nothingSeen,
    ...before,
    ...at,
    last: {
      ...(seen ?? { unplaced: false, again: false }),
      known: seen?.known ?? null,
      record: signature,
      sight,
    },
    others: eachOnce(findable(before), record).slice(0, mostRuns),
  };
};

/** It runs here: where it was seen before does not matter. */
export const seenHere = (memory: Memory): Memory =>
  memory.elsewhere === null ? memory : { ...memory, elsewhere: null };

/** What is known of the run that wrote the last beat. */
export const withLast = (memory: Memory, seen: Partial<Omit<Run, 'record'>>): Memory => ({
  ...memory,
  last: { ...memory.last, ...seen },
});

/** What only the two together tell: the same run goes on, and this monitor and the one before it have each seen a part. */
const sameRun = (before: Memory, known: Memory): Memory => {
  const fresh = <Of extends 'programs' | 'kin' | 'starters' | 'keepers'>(of: Of): Scan[Of] =>
    known.scan[of].length > 0 ? known.scan[of] : before.scan[of];
  return {
    ...before,
    last: { ...before.last, known: before.last.known ?? known.last.known },
    scan: {
      programs: fresh('programs'),
      earlier: [...known.scan.earlier, ...before.scan.earlier],
      kin: fresh('kin'),
      starters: fresh('starters'),
      keepers: fresh('keepers'),
      search: known.scan.search ?? before.scan.search,
    },
    elsewhere: known.last.known === null ? before.elsewhere : null,
    others: [...before.others, ...known.others].slice(0, mostRuns),
  };
};

/** The journal can be read by now: what the monitor before knew joins what this one has seen. */
export const recalled = (before: Memory | null, known: Memory | null): Memory | null => {
  if (before === null || known === null) return known ?? before;
  if (isSameRun(before.last.record, known.last.record)) return sameRun(before, known);
  if (before.last.record.pid === undefined) return known;
  return { ...known, others: [...findable(before), ...known.others].slice(0, mostRuns) };
};

/** The process group of the restart command in which the bot runs; `null`: in none. */
export const withGroup = (memory: Memory, heldGroup: number | null): Memory =>
  heldGroup === memory.heldGroup ? memory : { ...memory, heldGroup };

/** Part of what a look at the machine's processes has found while the bot beats. */
export const withScan = (memory: Memory, found: Partial<Scan>): Memory => {
  const scan = { ...memory.scan, ...found };
  return JSON.stringify(scan) === JSON.stringify(memory.scan) ? memory : { ...memory, scan };
};

/** These were found before a beat, and the bot has beaten while they lived: they are the bot. */
export const withPrograms = (memory: Memory, more: readonly KnownProcess[]): Memory =>
  withScan(memory, { programs: [...memory.scan.programs, ...more] });

/**
 * What is being ended was the bot: the next monitor has to see it gone, too.
 *
 * @param more all processes that are ended; `null`: none but those that are known.
 */
export const withDoomed = (
  memory: Memory,
  more: readonly KnownProcess[] | null,
  group: number | undefined,
): Memory =>
  withGroup(
    more === null ? memory : { ...memory, scan: { ...memory.scan, kin: more } },
    group ?? memory.heldGroup,
  );

/**
 * What was seen to be the bot while it beat is that, whatever the restart command is now: with another command or pattern
 * it is kept as what it was.
 *
 * @param searched what is searched for now; `null`: nothing is, so nothing has changed.
 */
export const keepEarlier = (kept: Memory, searched: string | null): Memory => {
  const { search, programs, earlier } = kept.scan;
  return searched === null || search === null || search.of === searched
    ? kept
    : withScan(kept, { programs: [], earlier: [...programs, ...earlier] });
};
