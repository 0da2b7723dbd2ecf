import {
  type Evidence,
  evidenceAt,
  type HealthPolicy,
  indicators,
  judge,
  lacksOf,
  type Market,
  type Reading,
  type Seen,
  type StatusRecord,
  writtenAt,
} from '@sentinel/heartbeat-core';
import { type CommandFacts, noProcessFacts, type Observation, type ProcessFacts } from './observation.ts';
import type { Writer } from './supervisor-state.ts';
import type { Unread } from './track.ts';

type LookFacts = {
  readonly bot: string;
  readonly reading: Reading;
  readonly seen: Seen | undefined;
  /** Wall clock and a clock that does not jump, at the same moment, in ms. */
  readonly wallNow: number;
  readonly now: number;
  /** When a look found the beat that counts first. Default: when it was seen. */
  readonly foundAt?: number | null;
  /** The clock of that beat was compared with the one here. Default: it was. */
  readonly compared?: boolean;
  /** What is known of a file that gives no beat. Default: nothing. */
  readonly unread?: Unread;
  readonly health: HealthPolicy;
  readonly market: Market | null;
  readonly command: CommandFacts | null;
  readonly chance: number;
  /** Default: nobody was asked. */
  readonly processes?: ProcessFacts;
  /** Why a person has halted it. Default: nobody has. */
  readonly halted?: string | null;
  /** A person had it stopped. Default: nobody had. */
  readonly stoppedBy?: Evidence['stoppedBy'];
  /** Default: as the reading says. */
  readonly everBeat?: boolean;
};

export const observe = (look: LookFacts): Observation => {
  const { bot, reading, market, wallNow, now, seen, command, chance } = look;
  const { everBeat = reading.kind === 'beat' } = look;
  const record = reading.kind === 'beat' ? reading.record : null;
  const seenFor = evidenceAt(seen, now);
  const beatAt = reading.kind !== 'beat' ? null : beatAtOf(reading, look);
  const processes = withoutForeignExit(look.processes ?? noProcessFacts, command, beatAt);
  const { stoppedBy } = look;
  // Of a file that is not there nothing was seen.
  const unseen = stoppedBy === undefined ? null : { unchangedMs: 0, exact: false, stalledMs: 0, stoppedBy };
  const evidence =
    seenFor === null
      ? unseen
      : { ...seenFor, gone: goneOf(look, processes, beatAt), halted: look.halted ?? undefined, stoppedBy };
  return {
    bot,
    health: judge(reading, evidence, look.health, market, wallNow),
    run: record === null ? null : identityOf(record, processes.mark),
    writer: record === null ? null : writerOf(record),
    beat: record === null ? null : beatKey(record),
    backdated: isBackdated(seen),
    beatAt,
    foundAt: record === null ? null : (look.foundAt ?? seen?.since ?? null),
    watched: isWatched(look),
    doubted: seen?.doubted !== undefined,
    compared: isWatched(look) && look.compared !== false,
    reading: reading.kind,
    named: record?.instance !== undefined || record?.startedAt !== undefined || processes.mark !== null,
    saysRestart: record?.indicator === indicators.restart.emoji,
    everBeat,
    written: writtenOf(look),
    unchangedMs: seen === undefined || record === null ? 0 : now - seen.since,
    // Without line 3 nothing is said of the session: it is not lost for that.
    sessionActive: record === null || record.bare === true ? null : record.sessionActive,
    status: record?.status ?? null,
    ownHalt: record?.halted ?? null,
    needsPerson: record?.needsPerson ?? null,
    ...lackedBy(record, look),
    exposure: record?.exposure ?? null,
    command,
    processes,
    chance,
  };
};

const writtenOf = ({ unread, now, health: { maxAgeMs } }: LookFacts): Observation['written'] =>
  unread === undefined || unread.at === null || now >= unread.at + maxAgeMs
    ? null
    : { at: unread.at, goesOn: unread.goesOn };

/** Writers that date by whole seconds are no such case, in ms. */
const backMs = 2000;

const isBackdated = (seen: Seen | undefined): boolean =>
  seen?.past?.some((stamp) => stamp > seen.stamp + backMs) === true;

const isWatched = ({ seen, foundAt }: LookFacts): boolean =>
  seen?.exact === true && seen.doubted === undefined && (foundAt ?? seen.since) === seen.since;

const lackedBy = (
  record: StatusRecord | null,
  { health, wallNow }: LookFacts,
): Pick<Observation, 'muteFeeds' | 'missed'> => {
  if (record === null) return { muteFeeds: null, missed: null };
  const { mute, missed } = lacksOf(record, health, wallNow);
  return {
    muteFeeds: mute.length === 0 ? null : mute.map(({ feed }) => feed).join(', '),
    missed: missed?.what ?? null,
  };
};

/** A last beat may be seen so long after the end of whoever wrote it, in ms. */
const seenLateMs = 5000;

/** A bot that has beaten after the restart command had ended is not what the command was: that exit code is not its own. */
const withoutForeignExit = (
  processes: ProcessFacts,
  command: CommandFacts | null,
  beatAt: number | null,
): ProcessFacts =>
  processes.exitCode !== null &&
  beatAt !== null &&
  command !== null &&
  command.endedAt !== null &&
  beatAt > command.endedAt + seenLateMs
    ? { ...processes, exitCode: null }
    : processes;

/** What the system says of the process behind the beat, as evidence for its health. */
const goneOf = (
  { reading, command, seen }: LookFacts,
  { writer, exitCode }: ProcessFacts,
  beatAt: number | null,
): Evidence['gone'] => {
  if (writer !== 'gone' || reading.kind !== 'beat') return undefined;
  // What was run after its last beat is another process.
  const isLater = command !== null && command.startedAt !== null && (beatAt ?? 0) < command.startedAt;
  const record = seen?.doubted === undefined ? reading.record : seen;
  return { pid: record.pid ?? null, exitCode: isLater ? null : exitCode };
};

/** What tells one run of the bot from another; `null` where the writer says nothing that does. */
export const runOf = ({ instance, pid, startedAt }: StatusRecord): string | null => {
  if (instance !== undefined) return instance;
  return pid === undefined ? null : `${pid} ${startedAt ?? ''}`;
};

/** What tells a beat from any other. */
export const beatKey = (record: StatusRecord): string =>
  `${runOf(record) ?? ''} ${record.seq ?? ''} ${record.updatedAt}`;

/** A run whose process was looked at is known by it, also where the beat says neither instance nor start. */
const identityOf = (record: StatusRecord, mark: number | null): string | null =>
  record.instance === undefined && record.startedAt === undefined && record.pid !== undefined && mark !== null
    ? runByProcess(record.pid, mark)
    : runOf(record);

export const runByProcess = (pid: number, mark: number): string => `${pid} #${mark}`;

/** A writer that names no instance is told apart by its process, and start where it says one. */
const writerOf = (record: StatusRecord): Writer | null => {
  const instance = runOf(record);
  return instance === null ? null : { instance, pid: record.pid ?? null, host: record.host ?? null };
};

/** A change that was watched is known to the millisecond; of the first beat only what it says of itself is known. */
const beatAtOf = (reading: Reading & { kind: 'beat' }, { seen, now, wallNow }: LookFacts): number => {
  const since = seen?.since ?? now;
  // Whatever its date says after clocks were set: it came before it was seen first.
  if (seen?.exact === true) return since;
  const at = seen?.doubted === undefined ? writtenAt(reading) : seen.stamp;
  return Math.min(since, now - (wallNow - at));
};
