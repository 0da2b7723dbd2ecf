import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeFolder, requirePlainFiles } from '@sentinel/heartbeat-core';

/**
 * Opens (or creates) a database and brings its schema up to the last of `migrations`.
 * A link in its place is not followed.
 * Every commit is on the disk before it returns: what is remembered here is what keeps an order from being sent twice.
 */
export const openDatabase = (file: string, migrations: readonly string[]): DatabaseSync => {
  makeFolder(dirname(file));
  requirePlainFiles(file, `${file}-wal`, `${file}-shm`, `${file}-journal`);
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000');
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  for (const [index, migration] of migrations.entries())
    if (index >= version)
      transaction(database, () => {
        database.exec(migration);
        database.exec(`PRAGMA user_version = ${index + 1}`);
      });
  return database;
};

/** All of `work` or none of it. */
export const transaction = <T>(database: DatabaseSync, work: () => T): T => {
  database.exec('BEGIN IMMEDIATE');
  try {
    const value = work();
    database.exec('COMMIT');
    return value;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
};
