import { existsSync, lstatSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { isSqliteError } from '../core/sqlite-error.ts';
import { lockFileOf } from './exclusive-file.ts';
import { foreignFolder } from './foreign-folder.ts';
import { isLockHeld } from './lock-held.ts';
import type { LockHolder } from './lock-holder.ts';
import { makeFolder } from './make-folder.ts';
import { requirePlainFiles } from './plain-file.ts';
import { removeFile } from './remove-file.ts';
import { isSystemError, unlessRefused } from './system-error.ts';
import { isTogether } from './together.ts';

/**
 * A second fence, by the path of a lock: a folder that is renamed takes the lock within it along, and whoever makes the
 * folder anew would find it free. Each process of this user holds one lock in the folder for temporary files, and its
 * claims count while that is held. Where no such folder can be had there is the lock beside the file alone.
 */
type Claims = {
  readonly database: DatabaseSync;
  readonly token: string;
  readonly folder: string;
  readonly find: StatementSync;
  readonly put: StatementSync;
  readonly ofOthers: StatementSync;
};

const table =
  'CREATE TABLE IF NOT EXISTS claims (path TEXT PRIMARY KEY, token TEXT, pid INTEGER, host TEXT, started_at INTEGER) STRICT';

/** What a folder or a database answers that cannot be used. */
export const isRefusal = (error: unknown) => isSqliteError(error) || isSystemError(error);

let open: Claims | null | undefined;

/** When the transaction that runs was begun; `null`: none runs. */
let begunAt: number | null = null;
/** One transaction of many claims takes this long, in ms, where the machine is not busy. */
const togetherMs = 50;
/** Whoever else claims waits for so long, in ms. */
const waitMs = 10_000;
/** Some of the claims in the transaction that runs are all that keeps others out. */
let areNeeded = false;

const begin = ({ database }: Claims) => {
  if (begunAt !== null) return;
  database.exec('BEGIN IMMEDIATE');
  begunAt = performance.now();
};

const commit = () => {
  if (begunAt === null) return;
  begunAt = null;
  const wereNeeded = areNeeded;
  areNeeded = false;
  try {
    open?.database.exec('COMMIT');
  } catch (error) {
    forget(error);
    if (wereNeeded) throw notClaimed(error);
  }
};

/** Ours, and closed to others: who else can write there could let go of a claim, or make one up. */
export const isOurs = (folder: string): boolean => {
  const stats = lstatSync(folder);
  const uid = process.getuid?.();
  return stats.isDirectory() && (uid === undefined || (stats.uid === uid && (stats.mode & 0o022) === 0));
};

const tokenFile = (folder: string, token: string) => join(folder, `${token}.lock`);

const isHeld = (folder: string, token: string): boolean => {
  const file = tokenFile(folder, token);
  if (isLockHeld(file)) return true;
  removeFile(file);
  return false;
};

/**
 * Where the claims of this user are. Anybody may make a folder of that name among the temporary files, and root has to
 * be able to claim: it has a place in which nobody else can.
 */
export const claimsFolder = (): string => {
  const uid = process.getuid?.();
  const isRoots = uid === 0 && existsSync('/run') && foreignFolder('/run/sentinel-locks') === null;
  return isRoots ? '/run/sentinel-locks' : join(tmpdir(), `sentinel-locks-${uid ?? 'user'}`);
};

const openClaims = (): Claims | null => {
  const folder = claimsFolder();
  try {
    makeFolder(folder, 0o700);
    if (!isOurs(folder)) return null;
    // The global one, as in `heartbeat.ts`: to import node:crypto takes longer than to open this.
    const token = crypto.randomUUID();
    if (lockFileOf(tokenFile(folder, token)).kind !== 'locked') return null;
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const file = join(folder, 'claims.db');
    requirePlainFiles(file, `${file}-wal`, `${file}-shm`, `${file}-journal`);
    const database = new DatabaseSync(file, { timeout: waitMs });
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; ${table}`);
    process.once('exit', () => unlessRefused(() => removeFile(tokenFile(folder, token)), undefined));
    for (const { token: other } of database.prepare('SELECT DISTINCT token FROM claims').all())
      if (!isHeld(folder, String(other)))
        database.prepare('DELETE FROM claims WHERE token = ?').run(String(other));
    const find = database.prepare('SELECT * FROM claims WHERE path = ?');
    const put = database.prepare(
      'INSERT OR REPLACE INTO claims (path, token, pid, host, started_at) VALUES (?, ?, ?, ?, ?)',
    );
    const ofOthers = database.prepare('SELECT * FROM claims WHERE token <> ?');
    return { database, token, folder, find, put, ofOthers };
  } catch (error) {
    // A disk that is full or closed, or a file there that is no database: the lock beside the file is what counts.
    if (!isRefusal(error)) throw error;
    return null;
  }
};

/** Whether claims can be had here: without them a path alone keeps nobody out. */
export const canClaim = (): boolean => {
  open ??= openClaims();
  return open !== null;
};

/** A path that another one has claimed. */
type ClaimedPath = { readonly path: string; readonly holder: LockHolder };

/**
 * Claims paths for this process, all or none. Gives who has the first that is not free, or `null`: they are this one's now.
 *
 * @param needed nothing else keeps others out. @throws Error where they cannot be claimed, then.
 */
export const claimPaths = (paths: readonly string[], me: LockHolder, needed: boolean): ClaimedPath | null => {
  open ??= openClaims();
  if (open === null || open === undefined) {
    if (needed) throw notClaimed();
    return null;
  }
  try {
    begin(open);
    areNeeded ||= needed;
    const taken = takenAmong(paths, open);
    if (taken === null)
      for (const path of paths) open.put.run(path, open.token, me.pid, me.host, Math.round(me.startedAt));
    if (!isTogether(commit) || performance.now() - (begunAt ?? 0) > togetherMs) commit();
    return taken;
  } catch (error) {
    forget(error);
    if (needed) throw notClaimed(error);
    return null;
  }
};

const notClaimed = (cause?: unknown) =>
  new Error(
    `${claimsFolder()} takes no lock of this user: check that this user owns it and can write there, or remove it`,
    { cause },
  );

/** The first of them that somebody has claimed who lives, also this process. */
const takenAmong = (paths: readonly string[], { token, folder, find }: Claims): ClaimedPath | null => {
  for (const path of paths) {
    const row = find.get(path);
    const other = row === undefined ? null : String(row.token);
    if (other !== null && (other === token || isHeld(folder, other))) return { path, holder: holderOf(row) };
  }
  return null;
};

/** What other processes have claimed. */
export const claimsOfOthers = (): readonly ClaimedPath[] => {
  if (open === null || open === undefined) return [];
  const { token, folder, ofOthers } = open;
  const held = new Map<string, boolean>();
  try {
    return ofOthers.all(token).flatMap((row) => {
      const other = String(row.token);
      if (!held.has(other)) held.set(other, isHeld(folder, other));
      return held.get(other) === true ? [{ path: String(row.path), holder: holderOf(row) }] : [];
    });
  } catch (error) {
    forget(error);
    return [];
  }
};

export const holderOf = (row: Record<string, unknown> | undefined): LockHolder => ({
  pid: Number(row?.pid),
  host: String(row?.host),
  startedAt: Number(row?.started_at),
});

export const unclaimPaths = (paths: readonly string[]): void => {
  if (open === null || open === undefined) return;
  const { database, token } = open;
  try {
    begin(open);
    const drop = database.prepare('DELETE FROM claims WHERE path = ? AND token = ?');
    for (const path of paths) drop.run(path, token);
    commit();
  } catch (error) {
    // The next one finds that this process has ended, or replaces a claim of the same process.
    forget(error);
  }
};

/** A connection that failed may be in the middle of a transaction: it is not used again. Throws what is a fault. */
const forget = (error: unknown) => {
  const failed = open;
  open = null;
  begunAt = null;
  try {
    failed?.database.close();
  } catch (another) {
    if (!isRefusal(another)) throw another;
  }
  if (!isRefusal(error)) throw error;
};
