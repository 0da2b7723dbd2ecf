import { type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { resolveFile } from './resolve-file.ts';

const othersMayWrite = ({ uid, gid, mode }: Stats): boolean =>
  uid !== 0 || (mode & 0o002) !== 0 || (gid !== 0 && (mode & 0o020) !== 0);

const problemOf = (folder: string): string | null => {
  try {
    const stats = statSync(folder, { throwIfNoEntry: false });
    if (stats === undefined || !othersMayWrite(stats)) return null;
    const owner = stats.uid === 0 ? 'other users' : `user ${stats.uid}`;
    return `this program is root and ${owner} may write into ${folder}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code !== 'string') throw error;
    // What cannot be looked at is not written into either.
    return `this program is root and ${folder} cannot be looked at (${code})`;
  }
};

/**
 * Why root must not write beside a file, or where it leads: who else may write into that folder can lay a link there, and
 * root would follow it anywhere. `null`: this process is no root, or nobody else may write there.
 *
 * @param user the effective user of this process; `undefined`: there are none here.
 */
export const foreignFolder = (file: string, user = process.geteuid?.()): string | null =>
  user === 0 ? (problemOf(dirname(resolve(file))) ?? problemOf(dirname(resolveFile(file)))) : null;
