import { existsSync, renameSync } from 'node:fs';

const stampOf = (now: number): string => new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');

const freeName = (name: string): string => {
  let free = name;
  for (let n = 2; existsSync(free); n += 1) free = `${name}-${n}`;
  return free;
};

/**
 * Moves a journal out of the way, with its parts. Gives its new name; throws what the system throws.
 *
 * @param why stands in the new name.
 */
export const moveAside = (file: string, now: number, why: 'corrupt' | 'set-aside'): string => {
  const keptAs = freeName(`${file}.${why}-${stampOf(now)}`);
  renameSync(file, keptAs);
  for (const part of ['-wal', '-shm']) if (existsSync(file + part)) renameSync(file + part, keptAs + part);
  return keptAs;
};
