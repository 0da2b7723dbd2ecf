import { accessSync, constants, existsSync, realpathSync, statfsSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { isSystemError, type StatusRecord } from '@sentinel/heartbeat-core';
import type { ProcessFacts } from '../core/observation.ts';
import { type CommandShape, commandShape } from '../custody/command-shape.ts';
import {
  type Custody,
  type CustodyFacts,
  custodyOf,
  findingOf,
  type GroupFacts,
  type Place,
  type ProgramFacts,
  type Sight,
  type WriterFacts,
} from '../custody/custody.ts';
import { type BeatTime, type HolderWatch, isOverdue, seeHolder } from '../custody/holder.ts';
import { type KnownProcess, machineOf, type Process, type Target } from '../custody/process.ts';
import { fitsProgram, isWrapper, type Match, matchOf, mayRun, type Program } from '../custody/program.ts';
import { type ProcessMemory, type Remembered, sinceThisStart, type Writer } from './last-process.ts';
import type { Processes } from './processes/index.ts';

export type CustodianOptions = {
  readonly file: string;
  readonly command: string | undefined;
  readonly commandEndsBot: boolean;
  readonly botProcess: string | undefined;
  /** The monitor is the bot's parent: the command is the bot. */
  readonly supervise: boolean;
  readonly graceMs: number;
  readonly processes: Processes;
  readonly memory: ProcessMemory;
  /** The group in which the restart command was run last. */
  readonly group: () => GroupFacts;
  /** Wall clock, ms since the epoch. */
  readonly wall: () => number;
};

/** What is asked beside the facts that the custodian keeps. */
export type Question = {
  readonly commandFailed: boolean;
  /** A process that began later is a new start: in ms since the machine's start. Default: later than the last beat. */
  readonly laterThanUp: number | null;
};

/** Knows the processes of one bot: who writes its beats, what runs its program, what its command started. */
export type Custodian = {
  /** Takes in a beat that can be read. */
  readonly learn: (record: StatusRecord, isNew: boolean) => void;
  /** Looks for the bot's processes while it beats well; from time to time, since that costs. True: it looked. */
  readonly scan: () => boolean;
  /** The next scan is made at once: another run beats. */
  readonly rescan: () => void;
  readonly ask: (question: Question) => Custody;
  /** Whether the process behind the last beat lives. */
  readonly writer: () => Pick<ProcessFacts, 'writer' | 'byReboot'>;
  /** What tells the process behind the last beat from any other; `null`: it was not looked at. */
  readonly mark: () => number | null;
  /** A process that can be the bot lives; `null`: that cannot be known. */
  readonly candidate: () => boolean | null;
  readonly diskTrouble: () => string | null;
  readonly signal: (targets: readonly Target[], signal: 'SIGTERM' | 'SIGKILL') => void;
  readonly everBeat: () => boolean;
  /** The journal can be read by now: what the monitor before knew joins what this one has seen. */
  readonly reload: () => void;
  readonly uptimeMs: () => number;
  readonly shape: CommandShape;
};

const scanEveryMs = 60_000;
/** A file's time and a process' start lie on two clocks: what lies nearer counts as one instant, in ms. */
const tickMs = 50;
/** So many runs of before are looked at. */
const remembered = 8;

const real = (path: string): string => {
  try {
    return realpathSync(path);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    // A path that leads nowhere, or may not be followed, stands for itself.
    return path;
  }
};

/** Two beats with the same identity come from one run, as far as they say. */
const identityOf = ({ pid, host, boot, instance, startedAt }: Writer['record']): string =>
  JSON.stringify([pid, host, boot, instance, startedAt]);

export const createCustodian = (options: CustodianOptions): Custodian => {
  const { file, command, processes, memory, graceMs } = options;
  const program: Program = {
    shape: command === undefined ? { kind: 'opaque' } : commandShape(command),
    pattern: options.botProcess === undefined ? null : new RegExp(options.botProcess),
    folder: process.cwd(),
    file: resolve(file),
    real,
    exists: existsSync,
  };
  const searches = program.pattern !== null || ['script', 'module', 'program'].includes(program.shape.kind);
  const machine = processes.machine();
  const ancestors = processes.ancestors();
  const own = process.geteuid?.() ?? 0;
  const user = own === 0 ? null : own;
  let known: Remembered | null = null;
  /** What the monitor before knew could be read. */
  const isMemoryKnown = (): boolean => memory.isKnown();
  let beatUp: number | null = null;
  let scannedAt = Number.NEGATIVE_INFINITY;
  let groupWatch: HolderWatch | null = null;
  let programWatch: HolderWatch | null = null;
  /** Shells that run the program as a script: they count once the bot has beaten again while they live. */
  let wrappers: { readonly known: readonly KnownProcess[]; readonly mtimeMs: number | null } | null = null;

  const upOf = (at: number): number => processes.uptimeMs() - (options.wall() - at);
  const look = (): { owner: number | null; sight: Sight; beat: BeatTime | null } => {
    const seenUp = processes.uptimeMs();
    const stats = statSync(file, { throwIfNoEntry: false });
    if (stats === undefined)
      return { owner: known?.owner ?? null, sight: { seenUp, fileUp: seenUp }, beat: null };
    const { mtimeMs } = stats;
    const fileUp = upOf(mtimeMs);
    return {
      owner: process.platform === 'win32' ? null : stats.uid,
      sight: { seenUp, fileUp },
      beat: { fileUp, mtimeMs },
    };
  };
  const load = (): Remembered | null => {
    const kept = memory.load();
    return kept === null ? null : sinceThisStart(kept, look().sight);
  };
  known = load();
  const place = (): Place => ({
    here: { machine, host: hostname(), uid: user },
    owner: known?.owner ?? null,
    ancestors,
  });

  const factsOf = (writer: Writer, isLast: boolean): readonly WriterFacts[] => {
    const { pid, host, boot } = writer.record;
    if (pid === undefined) return [];
    const found = processes.get(pid);
    return [
      {
        isLast,
        pid,
        host,
        machine: machineOf(boot),
        known: writer.known,
        unplaced: writer.unplaced,
        sight: writer.sight,
        found,
        fits: typeof found === 'object' ? fitsProgram(found, program) : 'yes',
      },
    ];
  };
  const identify = (writer: Writer): KnownProcess | null => {
    const [facts] = factsOf(writer, true);
    if (facts === undefined) return null;
    const finding = findingOf(facts, place());
    return 'target' in finding && finding.target.kind === 'process'
      ? { pid: finding.target.pid, mark: finding.target.mark }
      : null;
  };
  const save = (next: Remembered) => {
    known = next;
    memory.save(next);
  };

  const learnWriter = (record: StatusRecord, isNew: boolean) => {
    if (isNew) beatUp = processes.uptimeMs();
    if (known !== null && identityOf(known.record) === identityOf(record)) {
      const { pid } = record;
      const isLost = isNew && known.known === null && !known.unplaced && pid !== undefined;
      if (isLost && processes.markOf(pid) === 'none') save({ ...known, unplaced: true });
      return;
    }
    const { updatedAt, pid, host, boot, instance, startedAt } = record;
    const { owner, sight } = look();
    const before = known;
    const writer: Writer = {
      record: { updatedAt, pid, host, boot, instance, startedAt },
      known: null,
      unplaced: false,
      sight,
    };
    const where = machine === null ? null : `${machine.boot} ${machine.namespace}`;
    const others =
      before?.record.pid === undefined
        ? (before?.others ?? [])
        : [
            { record: before.record, known: before.known, unplaced: before.unplaced, sight: before.sight },
            ...before.others,
          ];
    known = {
      ...writer,
      machine: where,
      owner,
      others: others.slice(0, remembered),
      programs: before?.programs ?? [],
      heldGroup: before?.heldGroup ?? null,
    };
    save({ ...known, known: identify(writer) });
    scannedAt = Number.NEGATIVE_INFINITY;
  };
  const learn = (record: StatusRecord, isNew: boolean) => {
    learnWriter(record, isNew);
    groupFacts(true);
    learnWrappers();
    seenPrograms(true);
  };

  const list = (): Omit<ProgramFacts, 'seen'> => {
    if (!searches) return { matches: [], unverified: [], otherWords: [], complete: true };
    const table = processes.list((args) => mayRun(args, program));
    if (table === null) return { matches: null, unverified: [], otherWords: [], complete: false };
    const owner = known?.owner ?? null;
    const judged = table.rows.map(
      (row) => [row, matchOf(row, program, owner, machine?.namespace ?? null)] as const,
    );
    const of = (match: Match): readonly Process[] =>
      judged.flatMap(([row, found]) => (found === match ? [row] : []));
    return {
      matches: of('yes'),
      unverified: of('unverified'),
      otherWords: of('other-words'),
      complete: table.complete,
    };
  };
  const aliveOf = ({ pid, mark }: KnownProcess): boolean | null => {
    const found = processes.markOf(pid);
    return found === 'unknown' ? null : found === mark;
  };
  /** A shell that waits for the first beat of a bot that it has put elsewhere is not the bot. */
  const learnWrappers = () => {
    if (wrappers === null || known === null) return;
    const { mtimeMs } = look().beat ?? { mtimeMs: null };
    if (mtimeMs === null || mtimeMs === wrappers.mtimeMs) return;
    const alive = wrappers.known.filter((each) => aliveOf(each) === true);
    wrappers = null;
    if (alive.length > 0) save({ ...known, programs: [...known.programs, ...alive] });
  };
  /**
   * What became of the processes that ran the bot's program while it beat. Where the bot has outlived them, they say nothing.
   *
   * @param beats the file shows a beat now.
   */
  const seenPrograms = (beats = false): ProgramFacts['seen'] => {
    const seen = (known?.programs ?? []).map((each) => ({ known: each, alive: aliveOf(each) }));
    if (seen.length === 0) return seen;
    const holder = {
      name: JSON.stringify(known?.programs),
      alive: seen.some(({ alive }) => alive !== false),
      startedUp: 0,
      held: true,
    };
    programWatch = seeHolder(programWatch, holder, beats ? look().beat : null, processes.uptimeMs(), false);
    return programWatch.outlived ? [] : seen;
  };

  /** @param beats the file shows a beat now. */
  const groupFacts = (beats = false): GroupFacts => {
    const group = options.group();
    if (typeof group !== 'object' || known === null) return group;
    const before = { ...group, name: String(group.group), held: known.heldGroup === group.group };
    const beat = beats ? look().beat : null;
    groupWatch = seeHolder(groupWatch, before, beat, processes.uptimeMs(), options.supervise);
    const held = isHeld(group, groupWatch);
    if (held !== before.held) save({ ...known, heldGroup: held ? group.group : null });
    return { ...group, held };
  };
  const isHeld = (group: Exclude<GroupFacts, string>, watch: HolderWatch): boolean => {
    const { held, goneUp, outlived } = watch;
    if (goneUp === null) return held;
    // The command is the bot: when it has failed, and nothing has beaten since, the bot is gone.
    if (options.supervise) return held || (group.end === 'failed' && !outlived);
    // A script that has started a bot elsewhere, and has seen it beat, ends well, and soon.
    const mayBeStarter = group.end === 'well' && goneUp - group.startedUp < graceMs;
    return held && (!mayBeStarter || isOverdue(watch, processes.uptimeMs()));
  };

  const scan = () => {
    const now = processes.uptimeMs();
    if (known === null || command === undefined || now - scannedAt < scanEveryMs) return false;
    scannedAt = now;
    const matches = list().matches ?? [];
    const marked = (found: readonly Process[]) => found.map(({ pid, mark }) => ({ pid, mark }));
    const isKnown = ({ pid, mark }: Process) =>
      known?.programs.some((each) => each.pid === pid && each.mark === mark) === true;
    const isNew = (each: Process) => isWrapper(each) && !isKnown(each);
    const fresh = matches.filter(isNew);
    wrappers = fresh.length === 0 ? null : { known: marked(fresh), mtimeMs: look().beat?.mtimeMs ?? null };
    const programs = marked(matches.filter((each) => !isNew(each)));
    if (JSON.stringify(programs) !== JSON.stringify(known.programs)) save({ ...known, programs });
    return true;
  };

  const ask = ({ commandFailed, laterThanUp }: Question): Custody => {
    const up = processes.uptimeMs();
    const fresh = look();
    // What began after the last beat is on its way to its first one, for as long as a grace lasts.
    const lastBeatUp = beatUp ?? fresh.sight.fileUp;
    const begun = Math.max(lastBeatUp, up - graceMs);
    const facts: CustodyFacts = {
      memory: isMemoryKnown() ? 'known' : 'unknown',
      shape: program.shape,
      commandEndsBot: options.commandEndsBot,
      commandFailed,
      ...place(),
      owner: known?.owner ?? fresh.owner,
      writers:
        known === null
          ? []
          : [...factsOf(known, true), ...known.others.flatMap((other) => factsOf(other, false))],
      everBeat: known !== null,
      group: groupFacts(),
      program: { ...list(), seen: seenPrograms() },
      lastBeatUp,
      laterThanUp: laterThanUp ?? begun,
    };
    return custodyOf(facts);
  };

  /** A process that runs the bot's program, and may have written the last beat: what began later has not. */
  const mayHaveBeaten = (): boolean => {
    const { matches, unverified } = list();
    if (matches === null) return true;
    const lastUp = Math.max(beatUp ?? Number.NEGATIVE_INFINITY, look().sight.fileUp);
    return [...matches, ...unverified].some(({ startedUp }) => startedUp <= lastUp + tickMs);
  };

  const writer = (): Pick<ProcessFacts, 'writer' | 'byReboot'> => {
    if (known === null) return { writer: 'unknown', byReboot: false };
    if (known.known !== null) {
      const alive = aliveOf(known.known);
      return { writer: alive === null ? 'unknown' : alive ? 'alive' : 'gone', byReboot: false };
    }
    const [facts] = factsOf(known, true);
    if (facts !== undefined) {
      const finding = findingOf(facts, place());
      if ('gone' in finding) return { writer: 'gone', byReboot: finding.gone === 'reboot' };
      return { writer: 'target' in finding ? 'alive' : 'unknown', byReboot: false };
    }
    const group = groupFacts();
    if (typeof group === 'object' && group.held) {
      if (group.alive) return { writer: 'alive', byReboot: false };
      return { writer: mayHaveBeaten() ? 'unknown' : 'gone', byReboot: false };
    }
    const seen = seenPrograms();
    if (seen.length === 0) return { writer: 'unknown', byReboot: false };
    if (seen.some(({ alive }) => alive !== false)) return { writer: 'alive', byReboot: false };
    return {
      writer: mayHaveBeaten() ? 'unknown' : 'gone',
      byReboot: known.programs.some(({ mark }) => mark === -1),
    };
  };

  const candidate = (): boolean | null => {
    const group = options.group();
    if (typeof group === 'object' && group.alive) return true;
    if (!searches) return null;
    const { matches, complete } = list();
    return matches !== null && matches.length > 0 ? true : complete ? false : null;
  };

  const signal: Custodian['signal'] = (targets, name) => {
    for (const target of targets) {
      if (target.kind === 'group') processes.signal(-target.group, name);
      // Asked again at the last moment: its number may have been given to another program since.
      else if (processes.markOf(target.pid) === target.mark) processes.signal(target.pid, name);
    }
  };

  return {
    learn,
    scan,
    rescan: () => {
      scannedAt = Number.NEGATIVE_INFINITY;
    },
    ask,
    writer,
    mark: () => known?.known?.mark ?? null,
    candidate,
    diskTrouble: () => diskTroubleOf(dirname(file)),
    signal,
    everBeat: () => known !== null,
    reload: () => {
      const before = load();
      if (before === null) return;
      if (known === null) known = before;
      else if (identityOf(before.record) === identityOf(known.record))
        // The same run: of its group and its programs only the monitor before knows, as long as it hangs.
        save({
          ...known,
          ...before,
          known: before.known ?? known.known,
          programs: known.programs.length > 0 ? known.programs : before.programs,
          others: [...before.others, ...known.others].slice(0, remembered),
        });
      else if (before.record.pid !== undefined)
        known = { ...known, others: [before, ...before.others, ...known.others].slice(0, remembered) };
    },
    uptimeMs: processes.uptimeMs,
    shape: program.shape,
  };
};

/** Why a folder takes no new file, as far as the disk says; nothing is written to find out. */
const diskTroubleOf = (folder: string): string | null => {
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Of a folder that is missing, or another user's, the disk is not the trouble.
    return code === 'EROFS' ? code : null;
  }
  try {
    const { blocks, bavail, files, ffree } = statfsSync(folder);
    return (blocks > 0 && bavail === 0) || (files > 0 && ffree === 0) ? 'ENOSPC' : null;
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
    return null;
  }
};
