import { isLocked, lockTakers } from '@sentinel/heartbeat-core';

/** Where SQLite locks for a change: in the `-shm` of a journal, and in a file that has none. */
const inShm = 120;
const inFile = 0x40000000;

/**
 * Who keeps a file from being changed, as far as the system says so: ' by process 4711 (python3, of user 1002)'. Else
 * nothing.
 *
 * @param error what SQLite said.
 */
export const lockedBy = (file: string, error: unknown): string => {
  if (!isLocked(error)) return '';
  const takers = [...lockTakers(`${file}-shm`, inShm), ...lockTakers(file, inFile)];
  const other = takers.find(({ pid }) => pid !== process.pid);
  return other === undefined ? '' : ` by ${other.words}`;
};
