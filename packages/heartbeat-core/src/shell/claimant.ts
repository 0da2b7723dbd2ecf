import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { identityOf } from './file-identity.ts';
import { claimsFolder, holderOf, isOurs, isRefusal } from './lock-claims.ts';
import type { LockHolder } from './lock-holder.ts';
import { requirePlainFiles } from './plain-file.ts';

type Reader = { readonly identity: string; readonly database: DatabaseSync; readonly find: StatementSync };

let open: Reader | null = null;

const close = () => {
  open?.database.close();
  open = null;
};

/** Kept open: an API asks of hundreds of bots each second, and to open a database takes as long as a hundred questions. */
const readerOf = (file: string): Reader | null => {
  const identity = identityOf(file);
  if (open?.identity === identity) return open;
  close();
  if (identity === null) return null;
  requirePlainFiles(file, `${file}-wal`, `${file}-shm`, `${file}-journal`);
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync(file, { readOnly: true, timeout: 200 });
  try {
    const find = database.prepare('SELECT pid, host, started_at FROM claims WHERE path = ?');
    open = { identity, database, find };
  } catch (error) {
    database.close();
    throw error;
  }
  return open;
};

/** Who claimed a path last, or `null`. Nothing is claimed or made to find out; whether it still lives is the caller's to ask. */
export const claimantOf = (path: string): LockHolder | null => {
  const folder = claimsFolder();
  try {
    if (!existsSync(folder) || !isOurs(folder)) return null;
    const row = readerOf(join(folder, 'claims.db'))?.find.get(path);
    return row === undefined ? null : holderOf(row);
  } catch (error) {
    // A folder that cannot be read, or no database: nobody is known.
    if (!isRefusal(error)) throw error;
    close();
    return null;
  }
};
