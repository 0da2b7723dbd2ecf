import { mkdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { InstanceHeldError, readHolder } from './lock-holder.ts';
import { replaceFile } from './write.ts';

/** A lock that is held until it is released, or the process ends. */
export type InstanceLock = {
  /** The file that the lock is on. */
  readonly file: string;
  /** Gives the lock back; the second call does nothing. Without it the kernel does, when the process ends. */
  readonly release: () => void;
};

// A database that nobody refers to is closed by the garbage collector, and its lock with it.
const held = new Set<DatabaseSync>();

/**
 * Makes this process the only one that works under `file` (the bot's status file, say), or throws. The lock is
 * SQLite's on `<file>.lock`, held by an open transaction: the kernel releases it when the process dies, whichever way,
 * and it holds between containers that share the folder. Never delete `<file>.lock`: two processes could then lock two
 * files. Who holds it stands in `<file>.lock.json`, for people and for the error. Not for network disks (NFS, SMB).
 *
 * @throws InstanceHeldError when another process, or another part of this one, holds it.
 * @throws Error of SQLite or of the file system when the lock file cannot be opened.
 * @example
 * const lock = acquireInstanceLock('logs/heartbeat_status.txt');
 * process.once('exit', lock.release);
 */
export const acquireInstanceLock = (file: string): InstanceLock => {
  const lockFile = `${resolve(file)}.lock`;
  const holderFile = `${lockFile}.json`;
  mkdirSync(dirname(lockFile), { recursive: true });
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync(lockFile);
  try {
    // Nothing is ever written: a journal would be one more open file for each lock, and the usual pages 80 KB that lie idle.
    database.exec('PRAGMA cache_size = 1; PRAGMA page_size = 512');
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) throw new InstanceHeldError(lockFile, readHolder(holderFile));
    throw new Error(`${lockFile} cannot be locked: move it away if it is no lock file of Sentinel`, {
      cause: error,
    });
  }
  held.add(database);
  tellHolder(holderFile);
  const release = () => {
    if (!held.delete(database)) return;
    // While the lock is still ours, so that no successor's entry is removed.
    rmSync(holderFile, { force: true });
    database.close();
  };
  return { file: lockFile, release };
};

const tellHolder = (holderFile: string) => {
  const holder = {
    pid: process.pid,
    host: hostname(),
    started_at: new Date(performance.timeOrigin).toISOString(),
  };
  try {
    replaceFile(holderFile, `${JSON.stringify(holder)}\n`);
  } catch {
    // The lock is what counts; a second holder will be told less.
  }
};

const isBusy = (error: unknown): boolean => {
  const busy = 5;
  const locked = 6;
  const code = (error as { errcode?: unknown }).errcode;
  return typeof code === 'number' && [busy, locked].includes(code & 0xff);
};
