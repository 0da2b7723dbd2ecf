import { existsSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname } from 'node:path';
import { type LockAttempt, lockFileOf, whyNoLock } from './exclusive-file.ts';
import { identityOf } from './file-identity.ts';
import { describeHolder, heldBy, type LockHolder, readHolder } from './lock-holder.ts';
import { removeFile } from './remove-file.ts';
import { isLink } from './resolve-file.ts';
import { isSystemError, unlessRefused } from './system-error.ts';
import { thisBoot } from './this-boot.ts';
import { oncePerFolder } from './together.ts';
import { NotAFileError, replaceFile } from './write.ts';

type Locked = LockAttempt & { readonly kind: 'locked' };

/** A lock beside the file in one folder. `identity`: of the file that was locked, which may be moved away. */
export type Place = { readonly lock: Locked; readonly identity: string | null };

export const me = (): LockHolder => ({
  pid: process.pid,
  host: hostname(),
  startedAt: performance.timeOrigin,
});

const holderFileOf = (lockFile: string) => `${lockFile}.json`;

export const takePlace = (lockFile: string, claim: () => void): Place => {
  const lock = lockBeside(lockFile);
  try {
    claim();
  } catch (error) {
    lock.close();
    throw error;
  }
  tellHolder(lockFile);
  return { lock, identity: identityOf(lockFile) };
};

/** What tells a folder from any other. A number of one that is gone may be another's: its birth tells. `null`: there is none. */
export const birthOf = oncePerFolder((path) => {
  const folder = statSync(path, { throwIfNoEntry: false });
  return folder === undefined ? null : `${folder.dev}:${folder.ino}:${folder.birthtimeMs}`;
});

/** The name in its folder, whatever that is called by now. */
export const inFolder = (lockFile: string): readonly string[] => {
  const folder = birthOf(dirname(lockFile));
  return folder === null ? [] : [`${folder}/${basename(lockFile)}`];
};

/** Whether another process holds the lock beside the file, which one that only claims does not take. */
export const askLock = (lockFile: string) => {
  if (existsSync(lockFile)) lockBeside(lockFile).close();
};

export const cannotBeLocked = (lockFile: string, why: string, cause: unknown) =>
  new Error(`${lockFile} cannot be locked: ${why.replace(`${lockFile}: `, '')}`, { cause });

const lockBeside = (lockFile: string): Locked => {
  if (isLink(lockFile)) throw new Error(`${lockFile} is a link, which is not followed: remove it`);
  const attempt = lockFileOf(lockFile);
  if (attempt.kind === 'locked') return attempt;
  if (attempt.kind === 'held') throw heldBy(lockFile);
  const foreign = foreignLock(lockFile);
  const why =
    foreign ??
    (attempt.kind === 'failed'
      ? whyNoLock(lockFile)
      : 'it cannot be written (a read-only disk?), so it keeps no second instance out: make it writable');
  const holder = foreign === null && attempt.kind === 'failed' ? null : readHolder(holderFileOf(lockFile));
  const last = holder === null ? '' : `. It was held last by ${describeHolder(holder)}`;
  throw cannotBeLocked(lockFile, `${why}${last}`, attempt.kind === 'failed' ? attempt.cause : undefined);
};

/**
 * One bot is of one user: whoever could put another file in the place of a lock that they cannot open would not see that it is
 * held, and there would be two. `null`: it is this user's.
 */
const foreignLock = (lockFile: string): string | null => {
  const user = process.geteuid?.();
  const owner = unlessRefused(() => statSync(lockFile, { throwIfNoEntry: false })?.uid, undefined);
  if (owner === undefined || user === undefined || user === 0 || owner === user) return null;
  return `it belongs to user ${owner}, and only that user can hold it: run this program as user ${owner}. Or give it to user ${user} once nothing runs on this bot any more, as root: chown ${user} ${lockFile}`;
};

/** Where it cannot be removed (a disk that became read-only) it names a process that will have ended. */
export const dropHolder = (lockFile: string) =>
  unlessRefused(() => removeFile(holderFileOf(lockFile)), undefined);

const tellHolder = (lockFile: string) => {
  const { pid, host, startedAt } = me();
  const holder = { pid, host, started_at: new Date(startedAt).toISOString(), boot: thisBoot() };
  try {
    replaceFile(holderFileOf(lockFile), `${JSON.stringify(holder)}\n`, { follow: false });
  } catch (error) {
    // The lock is what counts; a second holder will be told less.
    if (!isSystemError(error) && !(error instanceof NotAFileError)) throw error;
  }
};
