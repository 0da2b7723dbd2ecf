import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { identityOf, isLocked, sqliteCodeOf } from '@sentinel/heartbeat-core';
import { isRefusal } from '../core/store-trouble.ts';

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

const damage = (errstr: string) => Object.assign(new Error(errstr), { errcode: 11, errstr });

/** Damage that SQLite would meet only one day, on reading that very page. */
export const checkWhole = (database: DatabaseSync): void => {
  const found = database.prepare('PRAGMA quick_check(1)').get()?.quick_check;
  if (found !== 'ok') throw damage('database disk image is malformed');
};

/** The size of the header of a database, and of its `-wal`, in bytes: what is shorter holds nothing. */
const headers: Readonly<Record<string, number>> = { '': 100, '-wal': 32 };

/** Which file it is that stands there and holds something; `null`: none. */
export const heldBy = (file: string, part = ''): string | null => {
  const stats = statSync(file + part, { throwIfNoEntry: false });
  return stats === undefined || stats.size < (headers[part] ?? 0) ? null : `${stats.dev}:${stats.ino}`;
};

/** SQLite takes an empty file for a new database, and removes the log beside it. */
export const requireHeader = (file: string): void => {
  if (identityOf(file) !== null && heldBy(file) === null)
    throw damage('the file is empty: what it held is lost, or somebody else has made it');
};

/** Every version has made these, and all at once with the file. */
const firstTables = [
  'state',
  'beats',
  'spans',
  'incidents',
  'incident_notes',
  'orders',
  'alerts',
  'deliveries',
];
/** A bot's own database may have tables of the other names. */
const ours = 'incident_notes';

const refusal = (errstr: string) =>
  Object.assign(new Error(errstr), { code: 'EPERM', syscall: 'open', errstr });

/**
 * A database without them is a journal that lost its log, in which its tables were. One that has other tables is of another
 * program: it stays where it is.
 */
export const requireTables = (database: DatabaseSync): void => {
  const there = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const names = new Set(there.map(({ name }) => name));
  if (names.size > 0 && !names.has(ours)) throw refusal('it is the database of another program');
  if (firstTables.some((name) => !names.has(name)))
    throw damage('it lost its log, the -wal file, and with it its tables');
};

export const rollBack = (database: DatabaseSync): void => {
  try {
    database.exec('ROLLBACK');
  } catch (error) {
    // SQLite has rolled back by itself, as it does on a full disk.
    if (!isRefusal(error)) throw error;
  }
};

/** What stands in the `-wal`, into the file itself: somebody may remove the one and leave the other. False: it is not read or not taken. */
export const saveLog = (database: DatabaseSync): boolean => {
  try {
    database.exec('PRAGMA wal_checkpoint(PASSIVE)');
    return true;
  } catch (error) {
    // The file is gone, damaged or locked: what is known goes into the next one.
    if (!isRefusal(error)) throw error;
    return false;
  }
};
