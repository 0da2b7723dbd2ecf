import { type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { resolveFile } from './resolve-file.ts';
import { unlessRefused } from './system-error.ts';
import { oncePerFolder } from './together.ts';

/**
 * Who but root may write there; `null`: nobody. The group counts whichever it is: where somebody was let in by an ACL, the
 * bits of the group are what that ACL allows at most.
 */
const othersWho = ({ uid, gid, mode }: Pick<Stats, 'uid' | 'gid' | 'mode'>): string | null => {
  if (uid !== 0) return `user ${uid}`;
  if ((mode & 0o002) !== 0) return 'other users';
  if ((mode & 0o020) !== 0) return `group ${gid} or whoever an ACL names`;
  return null;
};

/** Of a folder that is not there the one above it counts: whoever may write there can make it first. */
const problemOf = (folder: string): string | null => {
  try {
    const stats = statSync(folder, { throwIfNoEntry: false });
    if (stats === undefined) return dirname(folder) === folder ? null : problemOf(dirname(folder));
    const who = othersWho(stats);
    return who === null ? null : `this program is root and ${who} may write into ${folder}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (typeof code !== 'string') throw error;
    // What cannot be looked at is not written into either.
    return `this program is root and ${folder} cannot be looked at (${code})`;
  }
};

const problemIn = oncePerFolder(problemOf);

/**
 * Why root must not write beside a file, or where it leads: who else may write into that folder can lay a link there, and
 * root would follow it anywhere. `null`: this process is no root, or nobody else may write there.
 *
 * @param user the effective user of this process; `undefined`: there are none here.
 */
export const foreignFolder = (file: string, user = process.geteuid?.()): string | null =>
  user === 0 ? (problemIn(dirname(resolve(file))) ?? problemIn(dirname(resolveFile(file)))) : null;

/**
 * Why root must not believe what a file says, and what to do: somebody else may write it, or may put another one in its
 * place. `null`: this process is no root, or nobody else may.
 *
 * @param stats of the file, best of what was opened: in between it may be exchanged.
 * @example
 * const { bytes, stats } = readPlainFile('.env');
 * const foreign = foreignFile('.env', stats);
 * console.log(foreign ?? `${bytes.length} bytes`);
 */
export const foreignFile = (
  file: string,
  stats: Pick<Stats, 'uid' | 'gid' | 'mode'>,
  user = process.geteuid?.(),
): string | null => {
  if (user !== 0) return null;
  const who = othersWho(stats);
  const why = who === null ? foreignFolder(file, user) : `this program is root and ${who} may write ${file}`;
  if (why === null) return null;
  const names = [...new Set([resolve(file), resolveFile(file)].flatMap((path) => [dirname(path), path]))]
    .filter(isForeign)
    .join(' ');
  return `${why}, so it is not used: run the program as that user, or keep the file where only root may write (chown root:root ${names}; chmod go-w ${names})`;
};

const isForeign = (path: string): boolean => {
  const stats = unlessRefused(() => statSync(path, { throwIfNoEntry: false }), undefined);
  return stats !== undefined && othersWho(stats) !== null;
};
