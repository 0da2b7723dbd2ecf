import { existsSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { identityOf, isSystemError } from '@sentinel/heartbeat-core';

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

/** The name under which a person has set this very file aside; `null`: under none. */
export const movedTo = (file: string, identity: string): string | null => {
  const prefix = `${basename(file)}.set-aside-`;
  try {
    const names = readdirSync(dirname(file)).filter((name) => name.startsWith(prefix));
    const found = names
      .map((name) => join(dirname(file), name))
      .find((path) => identityOf(path) === identity);
    return found ?? null;
  } catch (error) {
    // A folder that is gone, or may not be read.
    if (!isSystemError(error)) throw error;
    return null;
  }
};
