import { readdirSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isAlive } from './lock-holder.ts';
import { removeFile } from './remove-file.ts';
import { unlessRefused } from './system-error.ts';

const anHourMs = 60 * 60_000;
const host = () => hostname().replace(/[^\w-]/g, '_') || 'host';

// Threads of one process share its pid, so every copy of this module adds a mark of its own.
const mark = Math.random().toString(36).slice(2, 10).padEnd(8, '0');
let count = 0;

/** A name beside the file that nobody else takes: `<file>.<host>.<pid>.<mark>-<n>.tmp`. */
export const temporaryName = (file: string): string => {
  count += 1;
  return `${file}.${host()}.${process.pid}.${mark}-${count}.tmp`;
};

const isOlderThan = (path: string, ms: number): boolean => {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs > ms;
};

/**
 * Removes what killed writers of this file left behind: temporary files with our pattern whose process is dead on
 * this host. A pid of another host (a container that shares the folder) tells nothing here, nor does one that was
 * given again: such files go when they are an hour old, for a write takes a fraction of a millisecond.
 */
export const removeLeftovers = (file: string): void => {
  const folder = dirname(file);
  const prefix = `${basename(file)}.`;
  // Tidying up is a courtesy: what the system refuses here the write itself will tell.
  unlessRefused(() => {
    for (const name of readdirSync(folder)) {
      if (!name.startsWith(prefix)) continue;
      const match = /^([\w-]+)\.(\d{1,10})\.[a-z0-9]{8}-\d+\.tmp$/.exec(name.slice(prefix.length));
      if (match === null) continue;
      const path = join(folder, name);
      const dead = match[1] === host() && !isAlive(Number(match[2]));
      if (dead || isOlderThan(path, anHourMs)) removeFile(path);
    }
  }, undefined);
};
