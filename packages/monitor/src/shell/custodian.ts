import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StatusRecord } from '@sentinel/heartbeat-core';
import type { ProcessFacts } from '../core/observation.ts';
import type { CommandShape } from '../custody/command-shape.ts';
import {
  type Custody,
  custodyOf,
  findingOf,
  type GroupFacts,
  type ProgramFacts,
  type Sight,
  type WriterFacts,
} from '../custody/custody.ts';
import { type BeatTime, type HolderWatch, isOverdue, seeHolder } from '../custody/holder.ts';
import type { Kin, KnownProcess, Process, Target } from '../custody/process.ts';
import { isOfFamily, isWrapper } from '../custody/program.ts';
import { botCount } from './bot-count.ts';
import { kinOf, knownOf } from './bot-family.ts';
import { botProcesses } from './bot-processes.ts';
import { diskTroubleOf } from './disk-trouble.ts';
import { type ProcessMemory, type Remembered, sinceThisStart, type Writer } from './last-process.ts';
import type { Processes } from './processes/index.ts';
import type { Claim } from './search.ts';
import { searchProof } from './search-proof.ts';

export type CustodianOptions = {
  readonly file: string;
  readonly command: string | undefined;
  readonly commandEndsBot: boolean;
  readonly botProcess: string | undefined;
  /** The PATH with which the command is run. */
  readonly path?: string | undefined;
  /** The monitor is the bot's parent: the command is the bot. */
  readonly supervise: boolean;
  readonly graceMs: number;
  readonly processes: Processes;
  readonly memory: ProcessMemory;
  /** The group in which the restart command was run last. */
  readonly group: () => GroupFacts;
  /** What the other bots of this monitor have. */
  readonly others: () => readonly Claim[];
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
  /** The next scans are made soon: another run beats. */
  readonly rescan: () => void;
  readonly ask: (question: Question) => Custody;
  /** Whether the process behind the last beat lives. */
  readonly writer: () => Pick<ProcessFacts, 'writer' | 'byReboot'>;
  /** What tells the process behind the last beat from any other; `null`: it was not looked at. */
  readonly mark: () => number | null;
  /** A process that can be the bot lives; `null`: that cannot be known. */
  readonly candidate: () => boolean | null;
  /** The bots that two scans in a row have found, where they are more than one: the first process of each. */
  readonly several: () => readonly number[];
  readonly diskTrouble: () => string | null;
  /** What the restart command has started outside of its process group. */
  readonly startedOutside: () => readonly KnownProcess[];
  readonly signal: (targets: readonly Target[], signal: 'SIGTERM' | 'SIGKILL') => void;
  readonly everBeat: () => boolean;
  /** The journal can be read by now: what the monitor before knew joins what this one has seen. */
  readonly reload: () => void;
  readonly uptimeMs: () => number;
  readonly shape: CommandShape;
  /** What this bot has, for the other bots of the monitor. */
  readonly claim: Claim;
};

const scanEveryMs = 60_000;
/** A file's time and a process' start lie on two clocks: what lies nearer counts as one instant, in ms. */
const tickMs = 50;
/** After a start, and where a scan is in doubt, the next ones follow sooner: a wrapper starts a second bot within seconds. */
const scanSoonMs = 5000;
const soonForMs = 30_000;
/** So many runs of before are looked at, and so many processes that one has started. */
const remembered = 8;
const mostKin = 200;

/** Two beats with the same identity come from one run, as far as they say. */
const identityOf = ({ pid, host, boot, instance, startedAt }: Writer['record']): string =>
  JSON.stringify([pid, host, boot, instance, startedAt]);

export const createCustodian = (options: CustodianOptions): Custodian => {
  const { file, command, processes, memory, graceMs } = options;
  let known: Remembered | null = null;
  const seen = botProcesses(options, () => known);
  const { program, searches, machine, ancestors, list, kinNow, ownGroup, lastGroup } = seen;
  const { place, claim, isSpared, family, factsOf, identify } = seen;
  const proof = searchProof(`${command ?? ''}\0${options.botProcess ?? ''}\0${program.folder}`);
  const counted = botCount();
  let beatUp: number | null = null;
  let scannedAt = Number.NEGATIVE_INFINITY;
  let soonUntil = Number.NEGATIVE_INFINITY;
  let groupWatch: HolderWatch | null = null;
  let programWatch: HolderWatch | null = null;
  /** Shells that run the program as a script: they count once the bot has beaten again while they live. */
  let wrappers: { readonly known: readonly KnownProcess[]; readonly mtimeMs: number | null } | null = null;
  /** What was signalled, and what that had started: seen to be gone before anything is started. */
  let doomed: readonly KnownProcess[] = [];

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
    const others =
      before?.record.pid === undefined
        ? (before?.others ?? [])
        : [
            { record: before.record, known: before.known, unplaced: before.unplaced, sight: before.sight },
            ...before.others,
          ];
    known = {
      ...writer,
      machine: machine === null ? null : `${machine.boot} ${machine.namespace}`,
      owner,
      others: others.slice(0, remembered),
      programs: before?.programs ?? [],
      kin: before?.kin ?? [],
      starters: before?.starters ?? [],
      heldGroup: before?.heldGroup ?? null,
      search: before?.search ?? null,
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
  const writersOf = (): readonly WriterFacts[] =>
    known === null
      ? []
      : [...factsOf(known, true), ...known.others.flatMap((other) => factsOf(other, false))];
  /** What lives of the processes that the bot had started when it was last looked at. */
  const relics = (): readonly Process[] =>
    [...new Map([...(known?.kin ?? []), ...doomed].map((each) => [each.pid, each])).values()].flatMap(
      (each) => {
        if (aliveOf(each) === false) return [];
        const found = processes.get(each.pid);
        return typeof found === 'object' && found.mark === each.mark && !isSpared(found) ? [found] : [];
      },
    );

  /** @param beats the file shows a beat now. */
  const groupFacts = (beats = false): GroupFacts => {
    const group = lastGroup();
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

  const targetsNow = (matches: readonly Process[]): readonly Target[] => {
    const group = ownGroup();
    const writers = writersOf().flatMap((writer): Target[] => {
      const finding = findingOf(writer, place());
      return 'target' in finding ? [finding.target] : [];
    });
    return [
      ...matches
        .filter(({ pid }) => pid !== 1 && !ancestors.includes(pid))
        .map(({ pid, mark, startedUp }): Target => ({ kind: 'process', pid, mark, startedUp })),
      ...writers,
      ...(group === null ? [] : [{ kind: 'group' as const, group, startedUp: 0 }]),
    ];
  };

  /** What these have started, and what lives of that which the bot had started before: its parent may have ended. */
  const kinOfNow = (targets: readonly Target[], kin: readonly Kin[]): readonly KnownProcess[] => {
    const before = relics().map(({ pid, mark }) => ({ pid, mark }));
    const all = [...before, ...knownOf(kinOf(targets, kin, family()))];
    return [...new Map(all.map((each) => [each.pid, each])).values()].slice(0, mostKin);
  };

  const scanDueMs = (now: number): number => {
    if (proof.wants(beatUp)) return 0;
    return now < soonUntil || counted.isUnsure() ? scanSoonMs : scanEveryMs;
  };

  const scan = () => {
    const now = processes.uptimeMs();
    if (known === null || command === undefined || now - scannedAt < scanDueMs(now)) return false;
    if (scannedAt === Number.NEGATIVE_INFINITY) soonUntil = now + soonForMs;
    scannedAt = now;
    const found = list();
    const matches = found.matches ?? [];
    const kin = kinNow();
    const targets = targetsNow(matches);
    const asked = kin !== null && kin !== 'unknown';
    if (asked) counted.count(targets, kin, ownGroup());
    const marked = (those: readonly Process[]) => those.map(({ pid, mark }) => ({ pid, mark }));
    const isKnown = ({ pid, mark }: Process) =>
      known?.programs.some((each) => each.pid === pid && each.mark === mark) === true;
    const isNew = (each: Process) => isWrapper(each) && !isKnown(each);
    const fresh = matches.filter(isNew);
    wrappers = fresh.length === 0 ? null : { known: marked(fresh), mtimeMs: look().beat?.mtimeMs ?? null };
    const next: Remembered = {
      ...known,
      programs: marked(matches.filter((each) => !isNew(each))),
      kin: asked ? kinOfNow(targets, kin) : known.kin,
      // Where the bot beats and none of these is it, what started it before may be the bot by now.
      starters: matches.length > 0 ? marked(found.starters) : [],
      search: searches ? proof.learn(known.search, found, beatUp, now) : known.search,
    };
    doomed = [];
    const parts = ({ programs, kin, starters, search }: Remembered) =>
      JSON.stringify([programs, kin, starters, search]);
    if (parts(next) !== parts(known)) save(next);
    return true;
  };

  const ask = ({ commandFailed, laterThanUp }: Question): Custody => {
    const up = processes.uptimeMs();
    const fresh = look();
    // What began after the last beat is on its way to its first one, for as long as a grace lasts.
    const lastBeatUp = beatUp ?? fresh.sight.fileUp;
    const begun = Math.max(lastBeatUp, up - graceMs);
    const found = list();
    const kin = kinNow();
    const custody = custodyOf({
      memory: memory.isKnown() ? 'known' : 'unknown',
      shape: program.shape,
      suggested: program.suggested,
      commandEndsBot: options.commandEndsBot,
      commandFailed,
      ...place(),
      owner: known?.owner ?? fresh.owner,
      writers: writersOf(),
      everBeat: known !== null,
      group: groupFacts(),
      program: {
        ...found,
        failed: found.failed || kin === 'unknown',
        // What was the bot and was ended is known by its end, also where it had not been looked at for long enough before.
        seen: [
          ...seenPrograms(),
          ...(laterThanUp === null ? [] : doomed.map((each) => ({ known: each, alive: aliveOf(each) }))),
        ],
        search: proof.known(known?.search ?? null),
      },
      relics: relics(),
      lastBeatUp,
      laterThanUp: laterThanUp ?? begun,
    });
    if (!('targets' in custody) || kin === null || kin === 'unknown') return custody;
    const targets = [...custody.targets, ...kinOf(custody.targets, kin, family())];
    // What is started while it is being ended is ended too.
    if (custody.kind === 'held' && doomed.length > 0) doom(targets);
    return { ...custody, targets };
  };

  const doom = (targets: readonly Target[]) => {
    const all = new Map([...doomed, ...knownOf(targets)].map((each) => [each.pid, each]));
    if (all.size === doomed.length) return;
    doomed = [...all.values()].slice(-mostKin);
    // A monitor that ends in the middle of it leaves to the next one what is to be gone.
    if (known !== null) save({ ...known, kin: doomed });
  };

  /** A process that runs the bot's program, and may have written the last beat: what began later has not. */
  const mayHaveBeaten = (): boolean => {
    const { matches, unverified } = list();
    if (matches === null) return true;
    const lastUp = Math.max(beatUp ?? Number.NEGATIVE_INFINITY, look().sight.fileUp);
    return (
      [...matches, ...unverified].some(({ startedUp }) => startedUp <= lastUp + tickMs) ||
      // What it had started may be what beats.
      relics().some((each) => isOfFamily(each, program))
    );
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
    if (ownGroup() !== null) return true;
    if (!searches) return null;
    const { matches, complete } = list();
    return matches !== null && matches.length > 0 ? true : complete ? false : null;
  };

  /** A group with the monitor in it, or what started it, is signalled one by one. */
  const signalGroup = (group: number, name: 'SIGTERM' | 'SIGKILL') => {
    const kin = kinNow();
    const members = kin === null || kin === 'unknown' ? [] : kin.filter((each) => each.group === group);
    if (!members.some(({ pid }) => ancestors.includes(pid))) processes.signal(-group, name);
    else for (const { pid } of members) if (!ancestors.includes(pid)) processes.signal(pid, name);
  };

  /** What was ended as the bot was the bot, also where the restart after it has to wait for the journal. */
  const holdGroup = (group: number) => {
    if (groupWatch?.name === String(group)) groupWatch = { ...groupWatch, held: true };
    if (known !== null && known.heldGroup !== group) save({ ...known, heldGroup: group });
  };

  const signal: Custodian['signal'] = (targets, name) => {
    doom(targets);
    for (const target of targets) {
      if (target.kind === 'group') {
        holdGroup(target.group);
        signalGroup(target.group, name);
      }
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
    several: counted.several,
    diskTrouble: () => diskTroubleOf(dirname(file)),
    startedOutside: () => {
      const group = ownGroup();
      const kin = kinNow();
      if (group === null || kin === null || kin === 'unknown') return [];
      const inGroup = new Set(kin.flatMap((each) => (each.group === group ? [each.pid] : [])));
      const all = kinOf([{ kind: 'group', group, startedUp: 0 }], kin, family());
      return knownOf(all).filter(({ pid }) => !inGroup.has(pid));
    },
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
          kin: known.kin.length > 0 ? known.kin : before.kin,
          starters: known.starters.length > 0 ? known.starters : before.starters,
          search: known.search ?? before.search,
          others: [...before.others, ...known.others].slice(0, remembered),
        });
      else if (before.record.pid !== undefined)
        known = { ...known, others: [before, ...before.others, ...known.others].slice(0, remembered) };
    },
    uptimeMs: processes.uptimeMs,
    shape: program.shape,
    claim,
  };
};
