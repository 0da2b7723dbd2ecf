import { DatabaseSync } from 'node:sqlite';

/** Databases whose disk is full, or read-only, by their path. */
const sick = new Map<string, 'ENOSPC' | 'EROFS'>();

const refusal = (errcode: number, errstr: string) =>
  Object.assign(new Error(errstr), { code: 'ERR_SQLITE_ERROR', errcode, errstr });

const { exec } = DatabaseSync.prototype;

/** SQLite's own words: a full disk is met where a transaction is to land, a read-only one where it begins. */
DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string) {
  const code = sick.size === 0 ? undefined : sick.get(this.location() ?? '');
  if (code === 'EROFS' && !sql.startsWith('ROLLBACK') && !sql.startsWith('PRAGMA busy'))
    throw refusal(8, 'attempt to write a readonly database');
  if (code === 'ENOSPC' && sql === 'COMMIT') {
    exec.call(this, 'ROLLBACK');
    throw refusal(13, 'database or disk is full');
  }
  exec.call(this, sql);
};

/** @param code why nothing can be written; `null`: it can. */
export const sicken = (file: string, code: 'ENOSPC' | 'EROFS' | null): void => {
  if (code === null) sick.delete(file);
  else sick.set(file, code);
};
