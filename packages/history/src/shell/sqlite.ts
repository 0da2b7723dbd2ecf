import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { isLocked, sqliteCodeOf } from '@sentinel/heartbeat-core';
import { isRefusal } from '../core/store-trouble.ts';
import { systemClock } from './clock.ts';

const full = 13;

/** What is over by itself, and says nothing against the handle. */
export const isPassing = (error: unknown): boolean => isLocked(error) || sqliteCodeOf(error) === full;

/** SQLite's own words: its messages hold no values. */
export const reasonOf = (error: unknown): string => {
  const { errstr, code, message } = (error ?? {}) as { errstr?: string; code?: string; message?: string };
  return (
    errstr ?? (typeof code === 'string' && code !== 'ERR_SQLITE_ERROR' ? code : message) ?? String(error)
  );
};

/** Damage that SQLite would meet only one day, on reading that very page. */
export const checkWhole = (database: DatabaseSync): void => {
  const found = database.prepare('PRAGMA quick_check(1)').get()?.quick_check;
  if (found !== 'ok')
    throw Object.assign(new Error(String(found)), {
      errcode: 11,
      errstr: 'database disk image is malformed',
    });
};

/** A main file that is older is not just being made by another process, in ms. */
const youngMs = 10_000;

/** The tables of a young journal are in its `-wal`: a file without both is no new one, and what was in it is lost. */
export const requireLog = (database: DatabaseSync, file: string): void => {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined || stats.size === 0 || systemClock.now() - stats.mtimeMs < youngMs) return;
  if (database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined) return;
  const errstr = 'the journal lost its log, the -wal file, and with it all that was in it';
  throw Object.assign(new Error(errstr), { errcode: 11, errstr });
};

export const rollBack = (database: DatabaseSync): void => {
  try {
    database.exec('ROLLBACK');
  } catch (error) {
    // SQLite has rolled back by itself, as it does on a full disk.
    if (!isRefusal(error)) throw error;
  }
};

/** What stands in the `-wal`, into the file itself: somebody may remove the one and leave the other. */
export const saveLog = (database: DatabaseSync): void => {
  try {
    database.exec('PRAGMA wal_checkpoint(PASSIVE)');
  } catch (error) {
    // The file is gone, damaged or locked: what is known goes into the next one.
    if (!isRefusal(error)) throw error;
  }
};
