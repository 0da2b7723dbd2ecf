import { chmodSync, closeSync, constants, lstatSync, openSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { isLocked, sqliteCodeOf } from '../core/sqlite-error.ts';
import { requirePlainFiles } from './plain-file.ts';
import { explainSystemError, isSystemError, unlessRefused } from './system-error.ts';

/** What came of the try to lock a file. `unproven`: it cannot be written, and a lock on it would exclude nobody. */
export type LockAttempt =
  | { readonly kind: 'locked'; readonly close: () => void }
  | { readonly kind: 'held' }
  | { readonly kind: 'unproven' }
  | { readonly kind: 'failed'; readonly cause: unknown };

// A database that nobody refers to is closed by the garbage collector, and its lock with it.
const held = new Set<DatabaseSync>();

/** PERM, READONLY: SQLite takes a read-only handle for such a file, and shares its lock without a word. */
const closed = new Set([3, 8]);

/** Whoever may read a file may hold a shared lock on it, and so keep out its owner. */
const closeToReaders = (file: string) => {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (stats === undefined) closeSync(openSync(file, 'wx', 0o600));
  else if (stats.isFile() && stats.uid === process.geteuid?.() && (stats.mode & 0o77) !== 0)
    chmodSync(file, 0o600);
};

/** Locks a file by SQLite's lock on it, held by an open transaction: the kernel gives it back when the process dies. */
export const lockFileOf = (file: string): LockAttempt => {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  let database: DatabaseSync | undefined;
  try {
    // SQLite opens what it may not write to read it, and a pipe there would be waited for, for ever.
    requirePlainFiles(file, `${file}-journal`, `${file}-wal`);
    unlessRefused(() => closeToReaders(file), undefined);
    database = new DatabaseSync(file);
    // Nothing is ever committed: a journal would be one more open file for each lock, and the usual pages 80 KB that lie idle.
    database.exec('PRAGMA cache_size = 1; PRAGMA page_size = 512');
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    // The proof: only who holds the lock can write.
    database.exec('PRAGMA user_version = 1');
  } catch (cause) {
    database?.close();
    if (isLocked(cause)) return { kind: 'held' };
    return closed.has(sqliteCodeOf(cause)) ? { kind: 'unproven' } : { kind: 'failed', cause };
  }
  const open = database;
  held.add(open);
  return {
    kind: 'locked',
    close: () => {
      if (held.delete(open)) open.close();
    },
  };
};

/** SQLite says of any file alone that it cannot be opened: the system says why. */
export const whyNoLock = (lockFile: string): string => {
  try {
    if (lstatSync(lockFile, { throwIfNoEntry: false })?.isFile() === false) return isNoLockFile;
    // As SQLite opens it: made where it is missing, without following a link.
    closeSync(openSync(lockFile, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return explainSystemError(error);
  }
  return isNoLockFile;
};

const isNoLockFile = 'move it away if it is no lock file of Sentinel';
