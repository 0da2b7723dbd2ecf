import { chmodSync, existsSync, lstatSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import {
  acquireInstanceLock,
  InstanceHeldError,
  isLockHeld,
  type LockHolder,
  makeFolder,
  objectIn,
  readPlainFile,
  unlessRefused,
} from '@sentinel/heartbeat-core';

/**
 * What root watches in folders of other users, for these users to read: root writes nothing into such a folder, and its own claims
 * are read by nobody else. A note counts while the process that wrote it holds its lock here.
 */
const claims = (): string => {
  place ??= join(existsSync('/run') ? '/run' : '/tmp', 'sentinel-claims');
  return place;
};
let place: string | null = null;

/** The mode of what everybody may read, whatever the umask is. */
const open = { folder: 0o755, file: 0o644 } as const;

/** The lock file of this process, once it is held. */
let mine: string | null = null;

/** Without `/run` anybody may make a folder of that name first. */
const isRoots = (folder: string): boolean => {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  return stats?.isDirectory() === true && stats.uid === 0 && (stats.mode & 0o022) === 0;
};

/** By the folder itself, whatever its path is; `null`: there is none, or it cannot be looked at. */
const noteOf = (lockFile: string): string | null => {
  const folder = unlessRefused(() => statSync(dirname(lockFile), { throwIfNoEntry: false }), undefined);
  if (folder === undefined) return null;
  const { dev, ino, birthtimeMs } = folder;
  return join(claims(), `${dev}-${ino}-${Math.round(birthtimeMs)}`, basename(lockFile));
};

type Note = { readonly lock: string; readonly holder: LockHolder };

const noteIn = (note: string): Note | null => {
  const { pid, host, started_at, lock } =
    objectIn(unlessRefused(() => readPlainFile(note, { followLinks: false }).bytes.toString('utf8'), '')) ??
    {};
  const startedAt = Date.parse(String(started_at));
  if (typeof pid !== 'number' || typeof host !== 'string' || typeof lock !== 'string') return null;
  return Number.isNaN(startedAt) ? null : { lock: basename(lock), holder: { pid, host, startedAt } };
};

/** Whose note it is, while that process lives. */
const living = (note: string): Note | null => {
  const found = noteIn(note);
  return found !== null && isLockHeld(join(claims(), found.lock)) ? found : null;
};

const makeOpen = (folder: string) => {
  makeFolder(folder);
  if (!isRoots(claims()))
    throw new Error(
      `${claims()} is not root's, or others may write there, so no other monitor would see what this one watches: remove it`,
    );
  chmodSync(folder, open.folder);
};

/** This process holds a lock here from now on. */
const holdMine = (): string => {
  if (mine !== null) return mine;
  makeOpen(claims());
  const { file, release } = acquireInstanceLock(join(claims(), crypto.randomUUID()));
  chmodSync(file, open.file);
  process.once('exit', () => {
    release();
    unlessRefused(() => rmSync(file), undefined);
  });
  mine = basename(file);
  return mine;
};

/**
 * Says for everybody that this process of root watches there. Gives the note; `null`: its folder cannot be looked at now.
 *
 * @throws Error where it cannot be said, or another process of root says it.
 */
export const announce = (lockFile: string): string | null => {
  const note = noteOf(lockFile);
  if (note === null) return null;
  const lock = holdMine();
  const before = living(note);
  if (before?.lock === lock) return note;
  if (before !== null) throw new InstanceHeldError(lockFile, before.holder);
  makeOpen(dirname(note));
  const text = { pid: process.pid, host: hostname(), started_at: new Date(performance.timeOrigin), lock };
  const beside = `${note}.${lock}`;
  writeFileSync(beside, JSON.stringify(text));
  chmodSync(beside, open.file);
  renameSync(beside, note);
  return note;
};

export const takeBack = (note: string): void => {
  if (noteIn(note)?.lock === mine) unlessRefused(() => rmSync(note), undefined);
};

/** The process of root that says that it watches there; `null`: none that lives. */
export const announcerOf = (lockFile: string): LockHolder | null => {
  if (!isRoots(claims())) return null;
  const note = noteOf(lockFile);
  // Most often there is none, and an error is costly: ten thousand bots are asked for at a start.
  return note === null || !existsSync(note) ? null : (living(note)?.holder ?? null);
};
