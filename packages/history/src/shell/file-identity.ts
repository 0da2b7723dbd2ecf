import { statSync } from 'node:fs';

/** A file as the disk knows it, whatever it is called; `null`: there is none. Inodes of two disks may be the same. */
export const identityOf = (file: string): string | null => {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.dev}:${stats.ino}`;
};

/**
 * The files of a journal that is open. SQLite goes on writing to a `-wal` that was removed, and nobody else ever sees
 * it; with another `-shm` two processes do not know of each other.
 */
export const journalIdentity = (file: string): string =>
  ['', '-wal', '-shm'].map((part) => identityOf(file + part) ?? 'none').join(' ');
