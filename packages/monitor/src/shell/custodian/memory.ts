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
const sightings = ({ file, files, processes, wall }: CustodianOptions) => {
  const look = (known: Memory | null): FileLook => {
    const seenUp = processes.uptimeMs();
    const facts = files.factsOf(file);
    if (facts === null) return { owner: known?.owner ?? null, sight: { seenUp, fileUp: seenUp }, beat: null };
    const { mtimeMs, uid } = facts;
    const fileUp = processes.uptimeMs() - (wall() - mtimeMs);
    return { owner: uid, sight: { seenUp, fileUp }, beat: { fileUp, mtimeMs } };
  };

  /**
   * When a beat was written at the latest. In one start of one machine it is dated by the clock that dates its file: a file
   * that is younger than its beat was copied there, or touched, and a process of that time did not write it.
   */
  const sightOf = ({ boot, updatedAt }: StatusRecord, sight: Sight): Sight => {
    if (boot === undefined || machineOf(boot)?.boot !== processes.machine()?.boot) return sight;
    const writtenUp = processes.uptimeMs() - (wall() - updatedAt) + wholeSecondMs;
    return { ...sight, fileUp: Math.min(sight.fileUp, Math.max(0, writtenUp)) };
  };

  return { look, sightOf };
};

/**
 * The memory of one bot's processes: nobody else holds one or writes one down.
 *
 * @param searched what its processes are searched by; `null`: nothing.
 */
export const botMemory = (options: CustodianOptions, searched: string | null) => {
  const { memory, processes, isSuccessor } = options;
  const { look: lookAt, sightOf } = sightings(options);
  let known: Memory | null = null;
  /** When a new beat came last to this monitor. */
  let beatUp: number | null = null;

  const look = () => lookAt(known);
  const load = (): Memory | null => {
    const kept = memory.load();
    return kept === null
      ? null
      : keepEarlier(seenFrom(kept, processes.origin(), look().sight, isSuccessor), searched);
  };
  known = load();

  const save = (next: Memory) => {
    known = { ...next, origin: processes.origin() };
    memory.save(known);
  };

  const newRun = (record: StatusRecord, identify: (run: Run) => KnownProcess | null) => {
    const { owner, sight: seen } = look();
    const sight = sightOf(record, seen);
    const next = withRun(known, record, sight, { origin: processes.origin(), owner });
    // What is asked of the process goes by the owner of the file.
    known = next;
    const found = identify(next.last);
    save(found === null ? next : seenHere(withLast(next, { known: found })));
  };

  return {
    known: () => known,
    beatUp: () => beatUp,
    /** Takes in what was seen: what changes is written down. */
    learned: (change: (known: Memory) => Memory): void => {
      const next = known === null ? null : change(known);
      if (next !== null && next !== known) save(next);
    },
    look,
    /**
     * A run that has ended wrote it, and not now: before the last run began to beat, or as one whose end was known already.
     * What counts is the last run.
     */
    isCopy: (record: StatusRecord, isDoubted: boolean, isGone: (run: Run) => boolean): boolean => {
      if (known === null || known.elsewhere !== null || isSameRun(known.last.record, record)) return false;
      const { last: run } = withRun(known, record, sightOf(record, look().sight), known);
      const isOld = isDoubted || run.known !== null || record.updatedAt < known.last.record.updatedAt;
      return isOld && isGone(run);
    },
    /** Takes in who wrote a beat. True: another run than before. */
    learn: (record: StatusRecord, isNew: boolean, identify: (run: Run) => KnownProcess | null): boolean => {
      if (isNew) beatUp = processes.uptimeMs();
      if (known === null || !isSameRun(known.last.record, record)) {
        newRun(record, identify);
        return true;
      }
      const { pid } = record;
      if (isNew && !known.last.again) {
        // It beats here and now, whatever its first beat was dated.
        const { sight } = known.last;
        known = withLast(known, { again: true, sight: sight && { ...sight, fileUp: sight.seenUp } });
        // Whether this is its process may have been in doubt for as long as one beat named it.
        save(withLast(known, { known: known.last.known ?? identify(known.last) }));
      }
      const { last } = known;
      const isLost = isNew && last.known === null && !last.unplaced && pid !== undefined;
      if (isLost && processes.markOf(pid) === 'none') save(withLast(known, { unplaced: true }));
      return false;
    },
    /** The journal can be read by now. */
    reload: () => {
      const next = recalled(load(), known);
      if (known !== null && next !== null && next !== known) save(next);
      else known = next;
    },
  };
};
export type BotMemory = ReturnType<typeof botMemory>;
