import type { Answer } from '../core/answer.ts';
import { faultOf, isRefusal } from '../core/store-trouble.ts';
import { type Clock, systemClock } from './clock.ts';
import { identityOf } from './file-identity.ts';
import { moveAside } from './move-aside.ts';
import { createOpenFile, type Open } from './open-file.ts';
import { nothingWaits, readWaiting, waitingOn, writeWaiting } from './outbox-memory.ts';
import type { Records } from './record.ts';
import { isPassing, reasonOf, rollBack, saveLog } from './sqlite.ts';
import type { Keeper, Store, StoreOptions } from './store-options.ts';
import { type Removed, removeBroken } from './tables.ts';
import { createTroubles } from './troubles.ts';
import { createWriteQueue } from './write-queue.ts';

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

const defaults = { lockWaitMs: 1000, restMs: 2000, holdMs: 30_000 };
/** What waits for a journal that takes nothing is tried again this often at most, in ms. */
const shortestRetryMs = 250;

/** In a journal that was begun in the place of a damaged one: what nobody has written into it since is not known. */
export const setAsideKey = 'journal-set-aside';

/**
 * Opens the journal at `file` for a process that must not stop for it. A damaged file is set aside and a new one begun;
 * with a full, locked or read-only disk the work goes on without a journal, and what is to be written is written later.
 * Alerts that wait for their delivery outlive a file that was damaged, removed or replaced.
 *
 * @example
 * const store = openStore('logs/sentinel.db');
 * store.listen((trouble) => log(describeTrouble(trouble)));
 * const kept = store.transact((records) => records.getState('monitor:bot'), undefined);
 * store.write((records) => records.touch('bot', Date.now(), 'healthy'));
 * store.close();
 */
export const openStore = (file: string, options: StoreOptions = {}): Store => {
  const { lockWaitMs, restMs, holdMs } = { ...defaults, ...options };
  const clock: Clock = options.clock ?? systemClock;
  const troubles = createTroubles(holdMs, clock.monotonic);
  const tellFault = (error: unknown) => troubles.tell({ kind: 'work-failed', file, reason: reasonOf(error) });
  const journal = createOpenFile(file, lockWaitMs, tellFault);
  const queue = createWriteQueue();
  const keepers = new Set<Keeper>();
  let restUntil = Number.NEGATIVE_INFINITY;
  /** Within a transaction: what waits is written, or the work is done, which what is written meanwhile joins. */
  let running: 'no' | 'queue' | 'work' = 'no';
  let doomed: { readonly error: unknown } | undefined;
  /** To be called once the transaction has landed, or was taken back. */
  let joined: { readonly onLanded?: (() => void) | undefined; readonly onLost?: (() => void) | undefined }[] =
    [];
  let waiting = nothingWaits;
  /** The name of a damaged file, which the one in its place is still to be given. */
  let keptAs: string | null = null;
  let failure = '';
  /** Told once the transaction that took them out has landed. */
  const removed: Removed[] = [];
  let timer: { readonly at: number; readonly cancel: () => void } | null = null;

  /** What was known of the file before this one. */
  const settleDebts = ({ tables, records }: Open) => {
    if (journal.isAnother()) writeWaiting(tables, waiting);
    if (keptAs !== null) records.setState(setAsideKey, { keptAs, at: Math.round(clock.now()) });
  };

  const run = <T>(work: (records: Records) => T): T => {
    const at = journal.ready();
    const { database, records } = at;
    database.exec('BEGIN IMMEDIATE');
    try {
      // What another process has written since may be broken.
      const version = at.version.get()?.data_version;
      const broken = version === at.cleanUpTo ? [] : removeBroken(at.tables);
      settleDebts(at);
      running = 'queue';
      for (const { before } of keepers) before?.(records);
      queue.run(records);
      for (const { after } of keepers) after?.(records, queue.isWhole());
      running = 'work';
      const value = work(records);
      if (doomed !== undefined) throw doomed.error;
      const next = readWaiting(at.tables, waiting);
      database.exec('COMMIT');
      waiting = next;
      at.cleanUpTo = version;
      removed.push(...broken);
      keptAs = null;
      journal.landed();
      return value;
    } catch (error) {
      rollBack(database);
      throw error;
    }
  };

  const attempt = <T>(work: (records: Records) => T): Outcome<T> => {
    doomed = undefined;
    let called: readonly (() => void)[] = [];
    try {
      const value = run(work);
      called = [...queue.landed(), ...joined.flatMap(({ onLanded }) => onLanded ?? [])];
      return { value };
    } catch (error) {
      called = joined.flatMap(({ onLost }) => onLost ?? []);
      const again = queue.takenBack(faultOf(error) === 'work' && running === 'queue');
      running = 'no';
      if (!again) return { error };
      tellFault(error);
      return attempt(work);
    } finally {
      running = 'no';
      joined = [];
      for (const call of called) call();
    }
  };

  /** Moves a damaged file out of the way. False: it could not be moved. */
  const setAside = (error: unknown): boolean => {
    journal.close();
    // Another process was faster: the file that stands there now is a new one.
    if (identityOf(file) !== journal.opened()) return true;
    try {
      keptAs = moveAside(file, clock.now(), 'corrupt');
    } catch (refused) {
      if (!isRefusal(refused)) tellFault(refused);
      return false;
    }
    journal.movedAway();
    troubles.tell({ kind: 'set-aside', file, keptAs, reason: reasonOf(error) });
    return true;
  };

  const fail = (error: unknown) => {
    failure = reasonOf(error);
    if (faultOf(error) === 'work') return tellFault(error);
    restUntil = clock.monotonic() + restMs;
    // A handle on a failing disk is not to be trusted again; one that met a lock or a full disk is.
    if (!isPassing(error)) journal.close();
    troubles.tell({ kind: 'unusable', file, reason: failure });
  };

  const transact = <T>(work: (records: Records) => T, otherwise: T): T => {
    if (clock.monotonic() < restUntil) return otherwise;
    let outcome = attempt(work);
    if ('error' in outcome && faultOf(outcome.error) === 'damaged' && setAside(outcome.error))
      outcome = attempt(work);
    if (journal.takeRemoved()) troubles.tell({ kind: 'removed', file });
    for (const { table, count, what } of removed.splice(0))
      troubles.tell({ kind: 'rows-removed', file, table, count, what });
    if ('error' in outcome) {
      fail(outcome.error);
      return otherwise;
    }
    troubles.works(file);
    return outcome.value;
  };

  const join = <T>(work: (records: Records) => T, otherwise: T): T => {
    const open = journal.running();
    try {
      return doomed === undefined && open !== undefined ? work(open.records) : otherwise;
    } catch (error) {
      doomed = { error };
      return otherwise;
    }
  };

  const ask = <T>(work: (records: Records) => T): Answer<T> => {
    const known = (value: T): Answer<T> => ({ kind: 'known', value });
    const answer = (running !== 'no' ? join : transact)<Answer<T> | null>(
      (records) => known(work(records)),
      null,
    );
    if (answer !== null) return answer;
    return identityOf(file) === null ? { kind: 'none' } : { kind: 'unknown', reason: failure };
  };

  const flush = (): boolean => {
    if (running !== 'no') return true;
    timer?.cancel();
    timer = null;
    if (queue.size() > 0) transact(() => {}, undefined);
    if (queue.size() > 0) schedule(Math.max(restMs, shortestRetryMs));
    return queue.size() === 0;
  };
  const schedule = (inMs: number) => {
    const at = clock.monotonic() + inMs;
    if (timer !== null && timer.at <= at) return;
    timer?.cancel();
    timer = { at, cancel: clock.after(inMs, flush) };
  };

  return {
    file,
    transact: (work, otherwise) => (running !== 'no' ? join(work, otherwise) : transact(work, otherwise)),
    ask,
    write: (write, { withinMs = 0, ...how } = {}) => {
      if (running === 'work') {
        joined.push(how);
        return join(write, undefined);
      }
      queue.add({ write, ...how });
      schedule(withinMs);
    },
    flush,
    turn: () =>
      new Promise((resolve) => {
        schedule(0);
        clock.after(0, resolve);
      }),
    waitingFor: (channel) => waitingOn(waiting, channel),
    attend: (keeper) => {
      keepers.add(keeper);
      return () => void keepers.delete(keeper);
    },
    intoFile: () => {
      const open = running !== 'no' ? undefined : journal.current();
      if (open !== undefined) saveLog(open.database);
    },
    mark: () => {
      // Opening belongs to `transact`, which sets a damaged file aside.
      const open = journal.current();
      if (open === undefined) return null;
      try {
        return `${journal.opened()} ${open.version.get()?.data_version}`;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        return null;
      }
    },
    listen: troubles.listen,
    close: () => {
      flush();
      timer?.cancel();
      timer = null;
      journal.close();
    },
  };
};
