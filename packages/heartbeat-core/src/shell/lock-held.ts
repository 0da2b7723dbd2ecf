import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { isLocked, sqliteCodeOf } from '../core/sqlite-error.ts';
import { requirePlainFiles } from './plain-file.ts';

const notADatabase = 26;

/** Whether a process holds the lock on a file: read only, and two who ask do not take each other for its holder. */
export const isLockHeld = (file: string): boolean => {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  let database: DatabaseSync | undefined;
  try {
    if (!existsSync(file)) return false;
    requirePlainFiles(file, `${file}-journal`, `${file}-wal`);
    database = new DatabaseSync(file, { readOnly: true, timeout: 0 });
    database.prepare('PRAGMA user_version').get();
    return false;
  } catch (error) {
    if (isLocked(error)) return true;
    // It was read, or has gone since.
    if (sqliteCodeOf(error) === notADatabase || !existsSync(file)) return false;
    throw error;
  } finally {
    database?.close();
  }
};
