import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { unlessRefused } from './system-error.ts';
import { isTogether, oncePerFolder } from './together.ts';

/** As many links in a row as Linux follows. */
const mostLinks = 40;

/**
 * Where a path leads: every link is followed, also one to a file that is not there yet. Two paths of one file give one
 * answer, whether the file is there or not.
 *
 * @example
 * resolveFile('logs/latest.txt'); // '/srv/bot/logs/heartbeat_status.txt'
 */
export const resolveFile = (file: string): string => {
  const path = resolve(file);
  return isTogether() && !isLink(path)
    ? join(realFolder(dirname(path)), basename(path))
    : follow(path, mostLinks);
};

const follow = (path: string, left: number): string => {
  const real = unlessRefused(() => realpathSync.native(path), null);
  if (real !== null) return real;
  // It is not there, or not to be seen: then its folder is asked, and the link that it may be.
  const folder = dirname(path);
  if (folder === path || left === 0) return path;
  const target = linkAt(path);
  if (target !== null) return follow(resolve(folder, target), left - 1);
  return join(follow(folder, left - 1), basename(path));
};

const realFolder = oncePerFolder((folder) => follow(folder, mostLinks));

const linkAt = (path: string): string | null =>
  isLink(path) ? unlessRefused(() => readlinkSync(path), null) : null;

/** Whether a link stands there, also one that leads nowhere. False where that is not to be seen. */
export const isLink = (path: string): boolean =>
  unlessRefused(() => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true, false);
