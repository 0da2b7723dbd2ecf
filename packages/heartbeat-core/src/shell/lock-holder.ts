import { hostname } from 'node:os';
import { objectIn } from '../core/json.ts';
import { lockTakers } from './lock-takers.ts';
import { readPlainFile } from './plain-file.ts';
import { isSystemError, unlessRefused } from './system-error.ts';

/** Who holds a lock, as far as it said so. */
export type LockHolder = {
  readonly pid: number;
  readonly host: string;
  readonly startedAt: number;
  /** Within what its pid names one process (see `thisBoot`); missing: it did not say. */
  readonly boot?: string | null;
};

export const describeHolder = ({ pid, host, startedAt }: LockHolder): string =>
  `process ${pid} on ${host}, started ${new Date(startedAt).toISOString()}`;

/** Another process holds the lock. What is not known of it (it has only just begun) is `null`. */
export class InstanceHeldError extends Error {
  override readonly name = 'InstanceHeldError';
  readonly code = 'ERR_INSTANCE_HELD';
  /** The file that the lock is on. */
  readonly file: string;
  readonly pid: number | null;
  readonly host: string | null;
  /** When the holder's process began, in ms since the epoch. */
  readonly startedAt: number | null;

  /** @param taker what the system says of it, where it has said nothing of itself. */
  constructor(
    file: string,
    holder: LockHolder | null,
    taker?: { readonly pid: number; readonly words: string },
  ) {
    const who = holder === null ? (taker?.words ?? 'another process') : `${describeHolder(holder)},`;
    super(`${who} holds ${file}: end it before another instance is started`);
    this.file = file;
    this.pid = holder?.pid ?? taker?.pid ?? null;
    this.host = holder?.host ?? null;
    this.startedAt = holder?.startedAt ?? null;
  }
}

/**
 * Who holds the lock. The holder writes its entry right after it has the lock, so an entry that is missing, or names a
 * process of this host that is dead, is about to be replaced: it is waited for, 100 ms at most.
 */
export const readHolder = (holderFile: string): LockHolder | null => {
  const waits = [0, 5, 10, 20, 30, 35];
  for (const ms of waits) {
    if (ms > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    const holder = parseHolder(holderFile);
    if (holder !== null && !isDeadHere(holder)) return holder;
  }
  return null;
};

/** What the system says counts: an entry that another one has left behind names nobody who holds the lock. */
export const heldBy = (lockFile: string): InstanceHeldError => {
  const said = readHolder(`${lockFile}.json`);
  const takers = lockTakers(lockFile);
  const isSo = takers.length === 0 || takers.some(({ pid }) => pid === said?.pid);
  return new InstanceHeldError(lockFile, isSo ? said : null, takers[0]);
};

export const holderIn = (lockFile: string): LockHolder | null => parseHolder(`${lockFile}.json`);

const parseHolder = (holderFile: string): LockHolder | null => {
  const text = unlessRefused(
    () => readPlainFile(holderFile, { followLinks: false }).bytes.toString('utf8'),
    null,
  );
  if (text === null) return null;
  const { pid, host, started_at, boot } = objectIn(text) ?? {};
  const startedAt = Date.parse(String(started_at));
  return Number.isSafeInteger(pid) &&
    Math.abs(pid as number) <= mostPid &&
    typeof host === 'string' &&
    !Number.isNaN(startedAt)
    ? { pid: pid as number, host, startedAt, ...(isBoot(boot) ? { boot } : {}) }
    : null;
};

const isBoot = (boot: unknown): boot is string | null => boot === null || typeof boot === 'string';

/** What the system gives no process as its number. */
const mostPid = 2 ** 31 - 1;

/** Whether a process of this machine has this number; one of another user lives, too. */
export const isAlive = (pid: number): boolean => {
  if (pid > mostPid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return error.code !== 'ESRCH';
  }
};

const isDeadHere = ({ pid, host }: LockHolder): boolean => host === hostname() && !isAlive(pid);
