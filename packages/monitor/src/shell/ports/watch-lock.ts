import {
  acquireInstanceLock,
  InstanceHeldError,
  type InstanceLock,
  isLockHeld,
  type LockHolder,
  type LockOptions,
  lastHolderOf,
} from '@sentinel/heartbeat-core';
import { announce, announcerOf, takeBack } from './root-claims.ts';

/** What keeps the other one out who cannot take this one's lock. */
type Fence = { readonly ask: () => void; readonly release: () => void };

/** Who holds the owner's lock: what this process said of itself is later, and no answer. */
const ownerOf = (file: string, before: LockHolder | null): LockHolder | null => {
  const holder = lastHolderOf(file, '.monitor');
  return holder?.pid === process.pid ? before : holder;
};

/** The owner's lock is in a folder in which root writes nothing: root says what it watches, and asks whether that lock is held. */
const asRoot = (file: string, lockFile: string, before: LockHolder | null): Fence => {
  const notes = new Set<string>();
  return {
    ask: () => {
      const note = announce(lockFile);
      if (note !== null) notes.add(note);
      if (isLockHeld(lockFile)) throw new InstanceHeldError(lockFile, ownerOf(file, before));
    },
    release: () => {
      for (const note of notes) takeBack(note);
    },
  };
};

/** A start of root that is being refused takes back at once what it said, in ms. */
const refusedMs = 400;

/** Everybody else asks what root says. */
const besideRoot = (lockFile: string): Fence => {
  let isFirst = true;
  return {
    ask: () => {
      let holder = announcerOf(lockFile);
      if (isFirst && holder !== null) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, refusedMs);
        holder = announcerOf(lockFile);
      }
      isFirst = false;
      if (holder !== null) throw new InstanceHeldError(lockFile, holder);
    },
    release: () => {},
  };
};

/**
 * Says that this monitor watches a file. Each takes first what it can take, and asks then for what the other has: of root and the
 * owner of a folder, started at one instant, at most one watches. `keep` asks again, before each step that ends or starts.
 *
 * @throws InstanceHeldError when another monitor watches it.
 */
export const lockToWatch = (file: string, options: Pick<LockOptions, 'claimOnly' | 'late'>): InstanceLock => {
  const before = options.claimOnly === true ? lastHolderOf(file, '.monitor') : null;
  const lock = acquireInstanceLock(file, { ...options, suffix: '.monitor' });
  const fence = options.claimOnly === true ? asRoot(file, lock.file, before) : besideRoot(lock.file);
  const release = () => {
    fence.release();
    lock.release();
  };
  try {
    fence.ask();
  } catch (error) {
    // What a user has laid at the place of the lock keeps root from no bot: it is watched, and `keep` says what is wrong.
    if (options.claimOnly !== true || options.late !== true || error instanceof InstanceHeldError) {
      release();
      throw error;
    }
  }
  return {
    file: lock.file,
    keep: () => {
      lock.keep();
      fence.ask();
    },
    release,
  };
};
