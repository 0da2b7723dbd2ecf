import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { identityOf, isSystemError } from '@sentinel/heartbeat-core';
import { createTables } from './record-schema.ts';

/** What the system says where a disk knows no second name for a file: FAT, some network disks and some of containers. */
const linkless = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** Gives it its name, unless another process was faster. */
const nameIt = (made: string, file: string): void => {
  try {
    linkSync(made, file);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'EEXIST') return;
    if (!linkless.has(error.code)) throw error;
    if (!existsSync(file)) renameSync(made, file);
  }
};

/** SQLite would read the log of a file that is gone as that of this one. */
const removeStaleLog = (file: string): void => {
  const parts = [`${file}-wal`, `${file}-shm`].map((path) => ({ path, identity: identityOf(path) }));
  // What stood there before it was seen that there is no file belongs to none that another process has made since.
  if (existsSync(file)) return;
  for (const { path, identity } of parts)
    if (identity !== null && identityOf(path) === identity) rmSync(path, { force: true });
};

/**
 * Makes a journal whole before it stands under its name, so that one of ours is never seen empty: neither by another
 * process nor after a loss of power. An empty file at that path had a content once, or somebody else has made it.
 */
export const makeJournal = (file: string): void => {
  const made = `${file}.new-${randomUUID()}`;
  try {
    const database = new DatabaseSync(made);
    try {
      createTables(database);
    } finally {
      database.close();
    }
    removeStaleLog(file);
    nameIt(made, file);
  } finally {
    for (const part of ['', '-wal', '-shm', '-journal']) rmSync(made + part, { force: true });
  }
};
