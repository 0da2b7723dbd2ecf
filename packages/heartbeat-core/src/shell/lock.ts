import { lstatSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { claimantOf } from './claimant.ts';
import { identityOf } from './file-identity.ts';
import { foreignFolder } from './foreign-folder.ts';
import { canClaim, claimPaths, unclaimPaths } from './lock-claims.ts';
import { holderIn, InstanceHeldError, type LockHolder } from './lock-holder.ts';
import { identityUnlessRefused, refuseSecondName } from './lock-names.ts';
import {
  askLock,
  birthOf,
  cannotBeLocked,
  dropHolder,
  inFolder,
  me,
  type Place,
  takePlace,
} from './lock-place.ts';
import { makeFolder } from './make-folder.ts';
import { resolveFile } from './resolve-file.ts';
import { explainSystemError, isSystemError, unlessRefused } from './system-error.ts';

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
      if (identityUnlessRefused(lockFile) === identity) dropHolder(lockFile);
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
