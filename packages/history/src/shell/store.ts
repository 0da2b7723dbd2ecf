import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Answer } from '../core/answer.ts';
import { faultOf, isRefusal, type StoreTrouble } from '../core/store-trouble.ts';
import { identityOf, journalIdentity } from './file-identity.ts';
import { moveAside } from './move-aside.ts';
import { nothingWaits, readWaiting, writeWaiting } from './outbox-memory.ts';
import { openDatabase, type Records, recordsOn } from './record.ts';
import { checkWhole, isPassing, reasonOf, rollBack, saveLog } from './sqlite.ts';
import { type Removed, removeBroken, type Tables, tablesOf } from './tables.ts';
import { createTroubles } from './troubles.ts';

export type StoreOptions = {
  /** How long to wait for another process that writes, in ms. Default: 1,000. */
  readonly lockWaitMs?: number;
  /** How long the file is left alone after it could not be used, in ms. Default: 2,000. */
  readonly restMs?: number;
  /** How long the file must work before its trouble is said to be over, in ms. Default: 30,000. */
  readonly holdMs?: number;
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
  /** The same for a question whose answer decides something: what cannot be read is told apart from what is not there. */
  readonly ask: <T>(work: (records: Records) => T) => Answer<T>;
  /** What has landed goes from the `-wal` into the file itself, as far as its readers let it. Never throws. */
  readonly intoFile: () => void;
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
  readonly tables: Tables;
  readonly records: Records;
  /** SQLite's own count of what other connections have committed. */
  readonly version: StatementSync;
  /** The count up to which broken rows were taken out. */
  cleanUpTo: unknown;
};
type Outcome<T> = { readonly value: T } | { readonly error: unknown };

const defaults = { lockWaitMs: 1000, restMs: 2000, holdMs: 30_000 };

/** In a journal that was begun in the place of a damaged one: what nobody has written into it since is not known. */
export const setAsideKey = 'journal-set-aside';

/**
 * Opens the journal at `file` for a process that must not stop for it. A damaged file is set aside and a new one begun;
 * with a full, locked or read-only disk the work goes on without a journal. Alerts that wait for their delivery outlive
 * a file that was damaged, removed or replaced.
 *
 * @example
 * const store = openStore('logs/sentinel.db');
 * store.listen((trouble) => log(describeTrouble(trouble)));
 * const kept = store.transact((records) => records.getState('monitor:bot'), undefined);
 * store.close();
 */
export const openStore = (file: string, options: StoreOptions = {}): Store => {
  const { lockWaitMs, restMs, holdMs } = { ...defaults, ...options };
  const troubles = createTroubles(holdMs);
  let open: Open | undefined;
  /** Of the file when it was opened, and of its parts. */
  let opened: string | null = null;
  let parts = '';
  /** Told once the transaction that met it has ended: who hears of it may use the store. */
  let wasRemoved = false;
  let restUntil = 0;
  let running = false;
  let doomed: { readonly error: unknown } | undefined;
  let waiting = nothingWaits;
  /** What a file that took the place of another one is still to be given. */
  let owed = { waiting: false, keptAs: null as string | null };
  let failure = '';
  /** Told once the transaction that took them out has landed. */
  const removed: Removed[] = [];

  const close = () => {
    const closing = open;
    open = undefined;
    try {
      closing?.database.close();
    } catch (error) {
      // A file that is gone or damaged may not even be closed in order. A fault is told: the work goes on.
      if (!isRefusal(error)) troubles.tell({ kind: 'work-failed', file, reason: reasonOf(error) });
    }
  };

  const isSame = () => open !== undefined && journalIdentity(file) === parts;

  const ready = (): Open => {
    // A file that was removed or replaced would be written to for ever, and nobody would see it.
    if (open !== undefined && !isSame()) {
      if (identityOf(`${file}-wal`) !== parts.split(' ')[1]) saveLog(open.database);
      close();
    }
    if (open !== undefined) return open;
    // An inode that became free is given to the next file: whether it is the same one cannot be told.
    if (opened !== null) owed = { ...owed, waiting: true };
    const there = identityOf(file);
    wasRemoved ||= opened !== null && there !== opened;
    opened = there;
    const database = openDatabase(file, { timeout: lockWaitMs });
    open = {
      database,
      tables: tablesOf(database),
      records: recordsOn(database),
      version: database.prepare('PRAGMA data_version'),
      cleanUpTo: null,
    };
    opened = identityOf(file);
    parts = journalIdentity(file);
    checkWhole(database);
    return open;
  };

  /** What was known of the file before this one. */
  const settleDebts = ({ tables, records }: Open) => {
    if (owed.waiting) writeWaiting(tables, waiting);
    if (owed.keptAs !== null) records.setState(setAsideKey, { keptAs: owed.keptAs, at: Date.now() });
  };

  const run = <T>(work: (records: Records) => T): T => {
    const at = ready();
    const { database, records } = at;
    database.exec('BEGIN IMMEDIATE');
    try {
      // What another process has written since may be broken.
      const version = at.version.get()?.data_version;
      const broken = version === at.cleanUpTo ? [] : removeBroken(at.tables);
      settleDebts(at);
      const value = work(records);
      if (doomed !== undefined) throw doomed.error;
      const next = readWaiting(at.tables, waiting);
      database.exec('COMMIT');
      waiting = next;
      at.cleanUpTo = version;
      removed.push(...broken);
      owed = { waiting: false, keptAs: null };
      // The first write makes the parts.
      if (parts.includes('none')) parts = journalIdentity(file);
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
    if (identityOf(file) !== opened) return true;
    let keptAs: string;
    try {
      keptAs = moveAside(file, Date.now(), 'corrupt');
    } catch (refused) {
      if (!isRefusal(refused)) troubles.tell({ kind: 'work-failed', file, reason: reasonOf(refused) });
      return false;
    }
    owed = { waiting: true, keptAs };
    opened = null;
    troubles.tell({ kind: 'set-aside', file, keptAs, reason: reasonOf(error) });
    return true;
  };

  const fail = (error: unknown) => {
    const reason = reasonOf(error);
    failure = reason;
    if (faultOf(error) === 'work') return troubles.tell({ kind: 'work-failed', file, reason });
    restUntil = performance.now() + restMs;
    // A handle on a failing disk is not to be trusted again; one that met a lock or a full disk is.
    if (!isPassing(error)) close();
    troubles.tell({ kind: 'unusable', file, reason });
  };

  const transact = <T>(work: (records: Records) => T, otherwise: T): T => {
    if (performance.now() < restUntil) return otherwise;
    let outcome = attempt(work);
    if ('error' in outcome && faultOf(outcome.error) === 'damaged' && setAside(outcome.error))
      outcome = attempt(work);
    if (wasRemoved) {
      wasRemoved = false;
      troubles.tell({ kind: 'removed', file });
    }
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
    try {
      return doomed === undefined && open !== undefined ? work(open.records) : otherwise;
    } catch (error) {
      doomed = { error };
      return otherwise;
    }
  };

  const ask = <T>(work: (records: Records) => T): Answer<T> => {
    const known = (value: T): Answer<T> => ({ kind: 'known', value });
    const answer = (running ? join : transact)<Answer<T> | null>((records) => known(work(records)), null);
    if (answer !== null) return answer;
    return identityOf(file) === null ? { kind: 'none' } : { kind: 'unknown', reason: failure };
  };

  return {
    file,
    transact: (work, otherwise) => (running ? join(work, otherwise) : transact(work, otherwise)),
    ask,
    intoFile: () => {
      if (!running && open !== undefined && isSame()) saveLog(open.database);
    },
    inTransaction: () => running,
    mark: () => {
      // Opening belongs to `transact`, which sets a damaged file aside.
      if (open === undefined || !isSame()) return null;
      try {
        return `${opened} ${open.version.get()?.data_version}`;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        return null;
      }
    },
    listen: troubles.listen,
    close,
  };
};
