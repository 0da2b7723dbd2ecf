import { existsSync, lstatSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import { claimantOf } from './claimant.ts';
import { type LockAttempt, lockFileOf, whyNoLock } from './exclusive-file.ts';
import { identityOf } from './file-identity.ts';
import { foreignFolder } from './foreign-folder.ts';
import { canClaim, claimPaths, unclaimPaths } from './lock-claims.ts';
import {
  describeHolder,
  heldBy,
  holderIn,
  InstanceHeldError,
  type LockHolder,
  readHolder,
} from './lock-holder.ts';
import { identityUnlessRefused, refuseSecondName } from './lock-names.ts';
import { makeFolder } from './make-folder.ts';
import { removeFile } from './remove-file.ts';
import { isLink, resolveFile } from './resolve-file.ts';
import { explainSystemError, isSystemError, unlessRefused } from './system-error.ts';
import { thisBoot } from './this-boot.ts';
import { oncePerFolder } from './together.ts';
import { NotAFileError, replaceFile } from './write.ts';

/** A lock that is held until it is released, or the process ends. */
export type InstanceLock = {
  /** The file that the lock was first on. */
  readonly file: string;
  /**
   * To be called now and then: where the folder was renamed and made anew, or a link in the path was switched, the lock is
   * taken where the path leads now, too.
   *
   * @throws InstanceHeldError when another process has taken it there.
   */
  readonly keep: () => void;
  /** Gives the lock back; the second call does nothing. Without it the kernel does, when the process ends. */
  readonly release: () => void;
};

export type LockOptions = {
  /**
   * Write nothing beside the file: its path alone is claimed, which keeps out other processes of this user on this
   * machine. For a folder in which others could lay links. `where-possible`: for one of many files, whose locks would cost
   * memory each; a lock beside the file is asked for once, and where paths cannot be claimed it is held. Default: false.
   */
  readonly claimOnly?: boolean | 'where-possible';
  /** Stands between the file's name, once its links were followed, and `.lock`: for a lock of another kind. Default: none. */
  readonly suffix?: string;
  /**
   * Where the folder cannot be looked at now (its rights, a disk that fails), `keep` takes the lock once it can be. Until then it
   * is not held, and `keep` throws. Default: false.
   */
  readonly late?: boolean;
};

type Locked = LockAttempt & { readonly kind: 'locked' };

/**
 * Makes this process the only one that works under `file` (the bot's status file, say), or throws. The lock is
 * SQLite's on `<file>.lock`, where links are followed, held by an open transaction and proven by a write in it: the
 * kernel releases it when the process dies, whichever way, and it holds between containers that share the folder. Never
 * delete `<file>.lock`: two processes could then lock two files. A folder that is renamed takes the lock along, and a
 * link that is switched leads away from it: on one machine, and for one user, the path is claimed besides, as it was
 * given and where it leads, and a file that another process holds by a second name (a hard link, a mount of the single
 * file) is refused. Who holds it stands in `<file>.lock.json`, for people and for the error. Not for network
 * disks (NFS, SMB).
 *
 * @throws InstanceHeldError when another process, or another part of this one, holds it.
 * @throws Error when the lock file cannot be opened or written: then nothing would keep a second instance out.
 * @example
 * const lock = acquireInstanceLock('logs/heartbeat_status.txt');
 * process.once('exit', lock.release);
 */
export const acquireInstanceLock = (
  file: string,
  { claimOnly: how = false, suffix = '', late = false }: LockOptions = {},
): InstanceLock => {
  const claimOnly = how === 'where-possible' ? canClaim() : how;
  const lock = new HeldLock(resolve(file), suffix, claimOnly);
  if (how === 'where-possible' && claimOnly) askLock(lock.file);
  try {
    lock.acquire();
  } catch (error) {
    if (!late || error instanceof InstanceHeldError || isInSight(lock.file)) throw error;
  }
  return { file: lock.file, keep: () => lock.keep(), release: () => lock.release() };
};

/** It is there, or known not to be. */
const isInSight = (file: string): boolean =>
  unlessRefused(() => lstatSync(file, { throwIfNoEntry: false }) !== null, false);

const me = (): LockHolder => ({ pid: process.pid, host: hostname(), startedAt: performance.timeOrigin });

/** A lock beside the file in one folder. `identity`: of the file that was locked, which may be moved away. */
type Place = { readonly lock: Locked; readonly identity: string | null };

/** One lock; of ten thousand each has its state, and shares the rest. */
class HeldLock {
  /** The lock file to which the path led first. */
  readonly file: string;
  private readonly given: string;
  private readonly suffix: string;
  private readonly claimOnly: boolean;
  private places: Map<string, Place> | null = null;
  /** The paths that are claimed: each once, since a second claim of this process would be refused as well. */
  private claimed: readonly string[] = [];
  private isReleased = false;

  /** @param given a whole path: a process may change its folder. */
  constructor(given: string, suffix: string, claimOnly: boolean) {
    this.given = given;
    this.suffix = suffix;
    this.claimOnly = claimOnly;
    this.file = this.leadsTo();
  }

  acquire(): void {
    const first = this.file;
    try {
      if (!this.claimOnly) makeFolder(dirname(first));
      this.take(first, !this.claimOnly);
      this.claim([`${this.given}${this.suffix}.lock`]);
      refuseSecondName(first, `${this.suffix}.lock`);
    } catch (error) {
      this.giveBack();
      throw isSystemError(error) ? cannotBeLocked(first, explainSystemError(error), error) : error;
    }
  }

  keep(): void {
    // It could not be had so far.
    if (!this.isReleased && this.claimed.length === 0) this.acquire();
    const lockFile = this.leadsTo();
    // While there is no folder nobody else works in it.
    if (this.isReleased || birthOf(dirname(lockFile)) === null) return;
    const identity = this.places?.get(lockFile)?.identity;
    if (identity !== undefined && identityOf(lockFile) === identity) return;
    this.take(lockFile, !this.claimOnly && foreignFolder(lockFile) === null);
  }

  release(): void {
    this.isReleased = true;
    this.giveBack();
  }

  private leadsTo(): string {
    return `${resolveFile(this.given)}${this.suffix}.lock`;
  }

  private take(lockFile: string, mayWrite: boolean): void {
    const claim = () => this.claim([lockFile, ...inFolder(lockFile)]);
    if (!mayWrite) {
      claim();
      return;
    }
    const place = takePlace(lockFile, claim);
    this.places ??= new Map();
    this.places.get(lockFile)?.lock.close();
    this.places.set(lockFile, place);
  }

  private claim(paths: readonly string[]): void {
    const missing = paths.filter((path) => !this.claimed.includes(path));
    if (missing.length === 0) return;
    const taken = claimPaths(missing, me(), this.claimOnly);
    if (taken !== null) throw new InstanceHeldError(paths[0] ?? taken.path, taken.holder);
    this.claimed = [...this.claimed, ...missing];
  }

  private giveBack(): void {
    for (const [lockFile, { lock, identity }] of this.places ?? []) {
      // While the lock is still ours, so that no successor's entry is removed.
      if (identityUnlessRefused(lockFile) === identity) dropHolder(holderFileOf(lockFile));
      lock.close();
    }
    this.places = null;
    unclaimPaths([...this.claimed]);
    this.claimed = [];
  }
}

/** Two notes of one start differ by less, in ms. */
const roundedMs = 2;

/**
 * Who said last that it holds the lock on `file`, beside it or by a claim of its path; `null`: nobody did. Nothing is locked to
 * find out: whether it still holds it is the caller's to ask.
 *
 * @param suffix as it was given when the lock was taken.
 */
export const lastHolderOf = (file: string, suffix = ''): LockHolder | null => {
  const lockFile = `${resolveFile(file)}${suffix}.lock`;
  const [beside, claimed] = [holderIn(lockFile), claimantOf(lockFile)];
  if (beside === null || claimed === null) return beside ?? claimed;
  // The same process says more of itself beside the file, and its claim counts whole milliseconds.
  return claimed.startedAt > beside.startedAt + roundedMs ? claimed : beside;
};

const holderFileOf = (lockFile: string) => `${lockFile}.json`;

const takePlace = (lockFile: string, claim: () => void): Place => {
  const lock = lockBeside(lockFile, holderFileOf(lockFile));
  try {
    claim();
  } catch (error) {
    lock.close();
    throw error;
  }
  tellHolder(holderFileOf(lockFile), me());
  return { lock, identity: identityOf(lockFile) };
};

/** What tells a folder from any other. A number of one that is gone may be another's: its birth tells. `null`: there is none. */
const birthOf = oncePerFolder((path) => {
  const folder = statSync(path, { throwIfNoEntry: false });
  return folder === undefined ? null : `${folder.dev}:${folder.ino}:${folder.birthtimeMs}`;
});

/** The name in its folder, whatever that is called by now. */
const inFolder = (lockFile: string): readonly string[] => {
  const folder = birthOf(dirname(lockFile));
  return folder === null ? [] : [`${folder}/${basename(lockFile)}`];
};

/** Whether another process holds the lock beside the file, which one that only claims does not take. */
const askLock = (lockFile: string) => {
  if (existsSync(lockFile)) lockBeside(lockFile, holderFileOf(lockFile)).close();
};

const cannotBeLocked = (lockFile: string, why: string, cause: unknown) =>
  new Error(`${lockFile} cannot be locked: ${why.replace(`${lockFile}: `, '')}`, { cause });

const lockBeside = (lockFile: string, holderFile: string): Locked => {
  if (isLink(lockFile)) throw new Error(`${lockFile} is a link, which is not followed: remove it`);
  const attempt = lockFileOf(lockFile);
  if (attempt.kind === 'locked') return attempt;
  if (attempt.kind === 'held') throw heldBy(lockFile);
  if (attempt.kind === 'failed') throw cannotBeLocked(lockFile, whyNoLock(lockFile), attempt.cause);
  const holder = readHolder(holderFile);
  const owner = unlessRefused(() => statSync(lockFile, { throwIfNoEntry: false })?.uid, undefined);
  const whose = owner === undefined ? '' : `, it belongs to user ${owner}`;
  const last = holder === null ? '' : `. It was held last by ${describeHolder(holder)}`;
  throw new Error(
    `${lockFile} cannot be written (a read-only disk, or another user's file${whose}), so it keeps no second instance out: make it writable${last}`,
  );
};

/** Where it cannot be removed (a disk that became read-only) it names a process that will have ended. */
const dropHolder = (holderFile: string) => unlessRefused(() => removeFile(holderFile), undefined);

const tellHolder = (holderFile: string, { pid, host, startedAt }: LockHolder) => {
  const holder = { pid, host, started_at: new Date(startedAt).toISOString(), boot: thisBoot() };
  try {
    replaceFile(holderFile, `${JSON.stringify(holder)}\n`, { follow: false });
  } catch (error) {
    // The lock is what counts; a second holder will be told less.
    if (!isSystemError(error) && !(error instanceof NotAFileError)) throw error;
  }
};
