import { existsSync, renameSync, statSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { faultOf, type StoreTrouble } from '../core/store-trouble.ts';
import { openDatabase, type Records, recordsOn } from './record.ts';
import { createTroubles } from './troubles.ts';

export type StoreOptions = {
  /** How long to wait for another process that writes, in ms. Default: 1,000. */
  readonly lockWaitMs?: number;
  /** How long the file is left alone after it could not be used, in ms. Default: 2,000. */
  readonly restMs?: number;
};

/** The journal as a process holds it that must go on whatever becomes of its disk. */
export type Store = {
  readonly file: string;
  /**
   * Runs `work` in one transaction and gives what it returns; a call within a call joins it. When the whole did not
   * land on the disk, nothing of it did, and the outermost call gives `otherwise`. `work` is not run at all while the
   * file cannot be used. Never throws.
   */
  readonly transact: <T>(work: (records: Records) => T, otherwise: T) => T;
  /** A `transact` is running: what is written now lands with it or not at all. */
  readonly inTransaction: () => boolean;
  /**
   * A mark that is another one once somebody else has written to the journal, without a transaction.
   * `null`: it cannot be told, so look.
   */
  readonly mark: () => string | null;
  /**
   * Hears of trouble: once per cause, and once more when it is over. What happened before is told at once. The
   * listener may use the store.
   */
  readonly listen: (listener: (trouble: StoreTrouble) => void) => void;
  readonly close: () => void;
};

type Open = {
  readonly database: DatabaseSync;
  readonly records: Records;
  /** SQLite's own count of what other connections have committed. */
  readonly version: StatementSync;
};
type Outcome<T> = { readonly value: T } | { readonly error: unknown };

const defaults = { lockWaitMs: 1000, restMs: 2000 };

/**
 * Opens the journal at `file` for a process that must not stop for it. A damaged file is set aside and a new one begun;
 * with a full, locked or read-only disk the work goes on without a journal.
 *
 * @example
 * const store = openStore('logs/sentinel.db');
 * store.listen((trouble) => log(describeTrouble(trouble)));
 * const kept = store.transact((records) => records.getState('monitor:bot'), undefined);
 * store.close();
 */
export const openStore = (file: string, options: StoreOptions = {}): Store => {
  const { lockWaitMs, restMs } = { ...defaults, ...options };
  const troubles = createTroubles();
  let open: Open | undefined;
  let inode = -1;
  let restUntil = 0;
  let running = false;
  let doomed: { readonly error: unknown } | undefined;

  const close = () => {
    const closing = open;
    open = undefined;
    try {
      closing?.database.close();
    } catch {
      // A file that is gone or damaged may not even be closed in order.
    }
  };

  const ready = (): Open => {
    // A file that was removed or replaced would be written to for ever, and nobody would see it.
    if (open !== undefined && inodeOf(file) !== inode) close();
    if (open !== undefined) return open;
    inode = inodeOf(file);
    const database = openDatabase(file, { timeout: lockWaitMs });
    open = {
      database,
      records: recordsOn(database),
      version: database.prepare('PRAGMA data_version'),
    };
    inode = inodeOf(file);
    checkWhole(database);
    return open;
  };

  const run = <T>(work: (records: Records) => T): T => {
    const { database, records } = ready();
    database.exec('BEGIN IMMEDIATE');
    try {
      const value = work(records);
      if (doomed !== undefined) throw doomed.error;
      database.exec('COMMIT');
      return value;
    } catch (error) {
      rollBack(database);
      throw error;
    }
  };

  const attempt = <T>(work: (records: Records) => T): Outcome<T> => {
    running = true;
    doomed = undefined;
    try {
      return { value: run(work) };
    } catch (error) {
      return { error };
    } finally {
      running = false;
    }
  };

  /** Moves a damaged file out of the way. False: it could not be moved. */
  const setAside = (error: unknown): boolean => {
    close();
    // Another process was faster: the file that stands there now is a new one.
    if (inodeOf(file) !== inode) return true;
    try {
      const keptAs = freeName(`${file}.corrupt-${stampOf(Date.now())}`);
      renameSync(file, keptAs);
      for (const part of ['-wal', '-shm'])
        if (existsSync(file + part)) renameSync(file + part, keptAs + part);
      troubles.tell({ kind: 'set-aside', file, keptAs, reason: reasonOf(error) });
      return true;
    } catch {
      return false;
    }
  };

  const fail = (error: unknown) => {
    const reason = reasonOf(error);
    if (faultOf(error) === 'work') return troubles.tell({ kind: 'work-failed', file, reason });
    restUntil = performance.now() + restMs;
    // A handle on a failing disk is not to be trusted again; one that met a lock or a full disk is.
    if (!passing.has(codeOf(error))) close();
    troubles.tell({ kind: 'unusable', file, reason });
  };

  const transact = <T>(work: (records: Records) => T, otherwise: T): T => {
    if (performance.now() < restUntil) return otherwise;
    let outcome = attempt(work);
    if ('error' in outcome && faultOf(outcome.error) === 'damaged' && setAside(outcome.error))
      outcome = attempt(work);
    if ('error' in outcome) {
      fail(outcome.error);
      return otherwise;
    }
    troubles.over(file);
    return outcome.value;
  };

  const join = <T>(work: (records: Records) => T, otherwise: T): T => {
    try {
      return doomed === undefined && open !== undefined ? work(open.records) : otherwise;
    } catch (error) {
      doomed = { error };
      return otherwise;
    }
  };

  return {
    file,
    transact: (work, otherwise) => (running ? join(work, otherwise) : transact(work, otherwise)),
    inTransaction: () => running,
    mark: () => {
      // Opening belongs to `transact`, which sets a damaged file aside.
      if (open === undefined || inodeOf(file) !== inode) return null;
      try {
        return `${inode} ${open.version.get()?.data_version}`;
      } catch {
        return null;
      }
    },
    listen: troubles.listen,
    close,
  };
};

/** BUSY, LOCKED and FULL. */
const passing = new Set([5, 6, 13]);

/** Damage that SQLite would meet only one day, on reading that very page. */
const checkWhole = (database: DatabaseSync): void => {
  const found = database.prepare('PRAGMA quick_check(1)').get()?.quick_check;
  if (found !== 'ok')
    throw Object.assign(new Error(String(found)), {
      errcode: 11,
      errstr: 'database disk image is malformed',
    });
};

const inodeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.ino ?? -1;

const rollBack = (database: DatabaseSync): void => {
  try {
    database.exec('ROLLBACK');
  } catch {
    // SQLite has rolled back by itself, as it does on a full disk.
  }
};

const codeOf = (error: unknown): number => {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code & 0xff : -1;
};

/** SQLite's own words: its messages hold no values. */
const reasonOf = (error: unknown): string => {
  const { errstr, code, message } = (error ?? {}) as { errstr?: string; code?: string; message?: string };
  return (
    errstr ?? (typeof code === 'string' && code !== 'ERR_SQLITE_ERROR' ? code : message) ?? String(error)
  );
};

const stampOf = (now: number): string => new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');

const freeName = (name: string): string => {
  let free = name;
  for (let n = 2; existsSync(free); n += 1) free = `${name}-${n}`;
  return free;
};
