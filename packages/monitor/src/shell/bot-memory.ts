import type { StatusRecord } from '@sentinel/heartbeat-core';
import type { Sight } from '../custody/custody.ts';
import type { BeatTime } from '../custody/holder.ts';
import type { KnownProcess } from '../custody/process.ts';
import type { CustodianOptions } from './custodian-port.ts';
import { keepEarlier } from './earlier-programs.ts';
import { type Remembered, seenFrom, type Writer } from './last-process.ts';

/** So many runs of before are looked at. */
const mostRuns = 8;

/** Two beats with the same identity come from one run, as far as they say. */
const identityOf = ({ pid, host, boot, instance, startedAt }: Writer['record']): string =>
  JSON.stringify([pid, host, boot, instance, startedAt]);

const nothingElse = {
  elsewhere: null,
  others: [],
  programs: [],
  earlier: [],
  kin: [],
  starters: [],
  heldGroup: null,
  search: null,
} satisfies Partial<Remembered>;

/**
 * What is remembered of one bot: one record, which the monitor after this one finds in the journal.
 *
 * @param searched what its processes are searched by; `null`: nothing.
 */
export const botMemory = (
  { file, files, memory, processes, wall, isSuccessor }: CustodianOptions,
  searched: string | null,
) => {
  let known: Remembered | null = null;

  const look = (): { owner: number | null; sight: Sight; beat: BeatTime | null } => {
    const seenUp = processes.uptimeMs();
    const facts = files.factsOf(file);
    if (facts === null) return { owner: known?.owner ?? null, sight: { seenUp, fileUp: seenUp }, beat: null };
    const { mtimeMs, uid } = facts;
    const fileUp = processes.uptimeMs() - (wall() - mtimeMs);
    return {
      owner: uid,
      sight: { seenUp, fileUp },
      beat: { fileUp, mtimeMs },
    };
  };
  const load = (): Remembered | null => {
    const kept = memory.load();
    return kept === null
      ? null
      : keepEarlier(seenFrom(kept, processes.origin(), look().sight, isSuccessor), searched);
  };
  known = load();

  const save = (next: Remembered) => {
    known = { ...next, origin: processes.origin() };
    memory.save(known);
  };

  /** The last beat comes from another run than the one before it. */
  const newRun = (record: StatusRecord, identify: (writer: Writer) => KnownProcess | null) => {
    const { updatedAt, pid, host, boot, instance, startedAt } = record;
    const { owner, sight } = look();
    const before = known;
    const writer: Writer = {
      record: { updatedAt, pid, host, boot, instance, startedAt },
      known: null,
      unplaced: false,
      again: false,
      sight,
    };
    const others =
      before?.record.pid === undefined
        ? (before?.others ?? [])
        : [
            {
              record: before.record,
              known: before.known,
              unplaced: before.unplaced,
              again: before.again,
              sight: before.sight,
            },
            ...before.others,
          ];
    const next: Remembered = {
      ...nothingElse,
      ...before,
      ...writer,
      origin: processes.origin(),
      owner,
      others: others.slice(0, mostRuns),
    };
    // What is asked of the process goes by the owner of the file.
    known = next;
    const found = identify(writer);
    // Its process is here: where others were seen before does not matter.
    save({ ...next, known: found, elsewhere: found === null ? next.elsewhere : null });
  };

  return {
    known: () => known,
    save,
    look,
    /** Takes in who wrote a beat. True: another run than before. */
    learn: (
      record: StatusRecord,
      isNew: boolean,
      identify: (writer: Writer) => KnownProcess | null,
    ): boolean => {
      if (known === null || identityOf(known.record) !== identityOf(record)) {
        newRun(record, identify);
        return true;
      }
      const { pid } = record;
      if (isNew && !known.again) {
        known = { ...known, again: true };
        // Whether this is its process may have been in doubt for as long as one beat named it.
        save({ ...known, known: known.known ?? identify(known) });
      }
      const isLost = isNew && known.known === null && !known.unplaced && pid !== undefined;
      if (isLost && processes.markOf(pid) === 'none') save({ ...known, unplaced: true });
      return false;
    },
    /** The journal can be read by now: what the monitor before knew joins what this one has seen. */
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
          earlier: [...known.earlier, ...before.earlier],
          kin: known.kin.length > 0 ? known.kin : before.kin,
          starters: known.starters.length > 0 ? known.starters : before.starters,
          elsewhere: known.known === null ? before.elsewhere : null,
          search: known.search ?? before.search,
          others: [...before.others, ...known.others].slice(0, mostRuns),
        });
      else if (before.record.pid !== undefined)
        known = { ...known, others: [before, ...before.others, ...known.others].slice(0, mostRuns) };
    },
  };
};
export type BotMemory = ReturnType<typeof botMemory>;
