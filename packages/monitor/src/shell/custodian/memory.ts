import type { StatusRecord } from '@sentinel/heartbeat-core';
import type { Sight } from '../../custody/finding.ts';
import type { BeatTime } from '../../custody/holder.ts';
import {
  isSameRun,
  keepEarlier,
  type Memory,
  type Run,
  recalled,
  seenHere,
  withLast,
  withRun,
} from '../../custody/memory.ts';
import { type KnownProcess, machineOf } from '../../custody/process.ts';
import { seenFrom } from '../../custody/remembered.ts';
import type { CustodianOptions } from './port.ts';

/** Where the memory is kept for the monitor after this one. */
export type ProcessMemory = {
  readonly load: () => Memory | null;
  /** False: the journal could not be read so far, so that nothing is known of before. */
  readonly isKnown: () => boolean;
  readonly save: (memory: Memory) => void;
};

/** Some writers date by whole seconds, in ms. */
const wholeSecondMs = 1000;

type FileLook = { readonly owner: number | null; readonly sight: Sight; readonly beat: BeatTime | null };

/** When the file was looked at and had changed, in ms since the machine's start. */
const lookAt = (
  { file, files, processes, wall }: CustodianOptions,
  known: Memory | null,
  before: BeatTime | null,
): FileLook => {
  const seenUp = processes.uptimeMs();
  const facts = files.factsOf(file);
  if (facts === null) return { owner: known?.owner ?? null, sight: { seenUp, fileUp: seenUp }, beat: null };
  const { mtimeMs, uid } = facts;
  // A clock that was set since moves nothing of when it was written.
  const fileUp = mtimeMs === before?.mtimeMs ? before.fileUp : processes.uptimeMs() - (wall() - mtimeMs);
  return { owner: uid, sight: { seenUp, fileUp }, beat: { fileUp, mtimeMs } };
};

/**
 * When a beat was written at the latest. In one start of one machine it is dated by the clock that dates its file: a file
 * that is younger than its beat was copied there, or touched, and a process of that time did not write it.
 */
const sightOf = (
  { processes, wall }: CustodianOptions,
  { boot, updatedAt }: StatusRecord,
  sight: Sight,
): Sight => {
  if (boot === undefined || machineOf(boot)?.boot !== processes.machine()?.boot) return sight;
  const writtenUp = processes.uptimeMs() - (wall() - updatedAt) + wholeSecondMs;
  return { ...sight, fileUp: Math.min(sight.fileUp, Math.max(0, writtenUp)) };
};

/** Who knows the processes that beats name. */
type Namer = {
  readonly identify: (run: Run) => KnownProcess | null;
  /** The process that a beat names has ended, as far as it is known from here. */
  readonly isGone: (run: Run) => boolean;
};

/** The memory of one bot's processes: nobody else holds one or writes one down. */
export class BotMemory {
  private readonly options: CustodianOptions;
  private readonly searched: string | null;
  private memory: Memory | null = null;
  /** When a new beat came last to this monitor, at the latest. */
  private newestUp: number | null = null;

  /** The file as it was found last, by the clock of then. */
  private written: BeatTime | null = null;

  /** @param searched what its processes are searched by; `null`: nothing. */
  constructor(options: CustodianOptions, searched: string | null) {
    this.options = options;
    this.searched = searched;
    this.memory = this.load();
  }

  known(): Memory | null {
    return this.memory;
  }

  beatUp(): number | null {
    return this.newestUp;
  }

  /** Takes in what was seen: what changes is written down. */
  learned(change: (known: Memory) => Memory): void {
    const next = this.memory === null ? null : change(this.memory);
    if (next !== null && next !== this.memory) this.save(next);
  }

  look(): FileLook {
    const look = lookAt(this.options, this.memory, this.written);
    this.written = look.beat;
    return look;
  }

  /**
   * A run that has ended wrote it, and not now: before the last run began to beat, or as one whose end was known already.
   * What counts is the last run.
   */
  isCopy(record: StatusRecord, isDoubted: boolean, namer: Namer): boolean {
    const known = this.memory;
    if (known === null || known.elsewhere !== null || isSameRun(known.last.record, record)) return false;
    const { last: run } = withRun(known, record, sightOf(this.options, record, this.look().sight), known);
    const isOld = isDoubted || run.known !== null || record.updatedAt < known.last.record.updatedAt;
    return isOld && namer.isGone(run);
  }

  /** A beat was found that may have come until now. */
  noteUndated(): void {
    this.newestUp = this.options.processes.uptimeMs();
  }

  /** Takes in who wrote a beat. True: another run than before. */
  learn(record: StatusRecord, isNew: boolean, namer: Namer): boolean {
    const { processes } = this.options;
    if (isNew) this.newestUp = processes.uptimeMs();
    const known = this.memory;
    if (known === null || !isSameRun(known.last.record, record)) {
      this.newRun(record, namer);
      return true;
    }
    if (isNew && !known.last.again) {
      // It beats here and now, whatever its first beat was dated.
      const { sight } = known.last;
      const next = withLast(known, { again: true, sight: sight && { ...sight, fileUp: sight.seenUp } });
      this.memory = next;
      // Whether this is its process may have been in doubt for as long as one beat named it.
      this.save(withLast(next, { known: next.last.known ?? namer.identify(next.last) }));
    }
    const now = this.memory ?? known;
    const { pid } = record;
    const isLost = isNew && now.last.known === null && !now.last.unplaced && pid !== undefined;
    if (isLost && processes.markOf(pid) === 'none') this.save(withLast(now, { unplaced: true }));
    return false;
  }

  /** The journal can be read by now. */
  reload(): void {
    const next = recalled(this.load(), this.memory);
    if (this.memory !== null && next !== null && next !== this.memory) this.save(next);
    else this.memory = next;
  }

  private load(): Memory | null {
    const { memory, processes, isSuccessor } = this.options;
    const kept = memory.load();
    return kept === null
      ? null
      : keepEarlier(seenFrom(kept, processes.origin(), this.look().sight, isSuccessor), this.searched);
  }

  private save(next: Memory): void {
    this.memory = { ...next, origin: this.options.processes.origin() };
    this.options.memory.save(this.memory);
  }

  private newRun(record: StatusRecord, namer: Namer): void {
    const { owner, sight: seen } = this.look();
    const sight = sightOf(this.options, record, seen);
    const next = withRun(this.memory, record, sight, { origin: this.options.processes.origin(), owner });
    // What is asked of the process goes by the owner of the file.
    this.memory = next;
    const found = namer.identify(next.last);
    this.save(found === null ? next : seenHere(withLast(next, { known: found })));
  }
}
