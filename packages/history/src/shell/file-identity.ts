import { identityOf } from '@sentinel/heartbeat-core';

/**
 * The files of a journal that is open. SQLite goes on writing to a `-wal` that was removed, and nobody else ever sees
 * it; with another `-shm` two processes do not know of each other.
 */
export const journalIdentity = (file: string): string =>
  ['', '-wal', '-shm'].map((part) => identityOf(file + part) ?? 'none').join(' ');
