import {
  accessSync,
  constants,
  existsSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import {
  foreignFolder,
  type InstanceLock,
  type LockOptions,
  procStat,
  readPlainFile,
  together,
  unlessRefused,
} from '@sentinel/heartbeat-core';
import { canStart } from './descriptors.ts';
import { lastLinesOf } from './last-lines.ts';
import { briefly } from './processes/common.ts';
import { lockToWatch } from './watch-lock.ts';
import { writeTroubleOf } from './write-trouble.ts';

/** What the monitor asks of files, beside the readings of the status file. */
export type Files = {
  /** When a file has changed, and whose it is; `null`: there is none, or it cannot be looked at. */
  readonly factsOf: (file: string) => { readonly mtimeMs: number; readonly uid: number | null } | null;
  /**
   * Why no beat can be written there: the code of the system; `null`: it can, as far as is known.
   *
   * @param owner whose file it was when beats came; `null`: not known.
   */
  readonly troubleOf: (file: string, owner: number | null) => string | null;
  /** This process can open as many files as the start of a command takes. */
  readonly canStart: () => boolean;
  /** A path that leads nowhere, or may not be followed, stands for itself. */
  readonly real: (path: string) => string;
  readonly exists: (path: string) => boolean;
  readonly isExecutable: (path: string) => boolean;
  /** A bot beats in this file, or has done so. */
  readonly holdsBeat: (path: string) => boolean;
  /** The text of a start script; `null`: it is none of usual size. */
  readonly script: (path: string) => string | null;
  /** The last lines of a log, clean; why there are none, where it cannot be read. */
  readonly lastLines: (file: string, clean: (text: string) => string) => string;
  /** What a process has mounted, as `/proc/<pid>/mountinfo` says it; `null`: that may not be read. */
  readonly mountsOf: (pid: number | 'self') => string | null;
  /** A process has the mounts and the root of this one, as all have where the system knows no others; `null`: not known. */
  readonly sharesMounts: (pid: number) => boolean | null;
  /** A process sees the same file by this path; `null`: not known. */
  readonly reaches: (pid: number, path: string) => boolean | null;
  /** Says that this monitor watches a file. @throws InstanceHeldError when another one does. */
  readonly lock: (file: string, options: Pick<LockOptions, 'claimOnly' | 'late'>) => InstanceLock;
  /** Does the same with many files, without asking for each what is so for its folder. */
  readonly together: <T>(work: () => T) => T;
  /** Why nothing is written beside a file: others may write there; `null`: it may be written. */
  readonly foreign: (file: string) => string | null;
};

/** The longest file that can be a status file, in bytes. */
const longest = 65_536;
/** The longest start script that is read for a hint, in bytes. */
const longestScript = 16_384;
/** A file that is being written is empty for an instant: it is read again so often, so many ms later. */
const tries = 5;
const againMs = 3;
/** One that changed longer ago than this is not being written, in ms. */
const lateMs = 5000;
/** Files in which a bot has beaten, as far as they were looked at: what is torn later is still that. */
const seen = new Set<string>();

/** It may have become a pipe since it was looked at. */
const textOf = (path: string, mostBytes: number): string =>
  readPlainFile(path, { mostBytes }).bytes.toString('utf8');

const readBeat = (path: string) =>
  unlessRefused<'beat' | 'being-written' | 'none'>(() => {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isFile() !== true || stats.size > longest) return 'none';
    if (seen.has(path) || /^.+\r?\n\d{4}-\d\d-\d\d[T ]\d\d:/.test(textOf(path, longest))) return 'beat';
    return Date.now() - stats.mtimeMs < lateMs ? 'being-written' : 'none';
  }, 'none');

const holdsBeat = (path: string): boolean => {
  let found = readBeat(path);
  for (let tried = 1; found === 'being-written' && tried < tries; tried += 1) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, againMs);
    found = readBeat(path);
  }
  if (found === 'beat') seen.add(path);
  return found === 'beat';
};

/** A first thread that has ended sees nothing any more: another one of its process does. */
const taskOf = (pid: number | 'self'): number | string =>
  pid === 'self' ? pid : (procStat(pid).thread ?? pid);

const rootOf = (pid: number | 'self'): string => {
  const folder = `/proc/${taskOf(pid)}`;
  return `${readlinkSync(`${folder}/ns/mnt`)} ${readlinkSync(`${folder}/root`)}`;
};

/** Which file is there; where there is none, which folder it would be in. */
const identityOf = (path: string): string | null => {
  const file = statSync(path, { throwIfNoEntry: false });
  const found = file ?? statSync(dirname(path), { throwIfNoEntry: false });
  return found === undefined ? null : `${file === undefined} ${found.dev} ${found.ino}`;
};

/** A beat puts a new file there: the two are compared while our own stays the same. */
const reaches = (own: string, theirs: string): boolean | null => {
  for (let tries = 0; tries < 5; tries += 1) {
    const [before, found] = [identityOf(own), identityOf(theirs)];
    if (before === identityOf(own)) return before === null ? null : found === before;
  }
  return null;
};

export const systemFiles: Files = {
  factsOf: (file) => {
    const stats = unlessRefused(() => statSync(file, { throwIfNoEntry: false }), undefined);
    if (stats === undefined) return null;
    return { mtimeMs: stats.mtimeMs, uid: process.platform === 'win32' ? null : stats.uid };
  },
  troubleOf: writeTroubleOf,
  canStart: briefly(canStart),
  real: (path) => unlessRefused(() => realpathSync(path), path),
  exists: existsSync,
  isExecutable: (path) =>
    unlessRefused(() => {
      accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    }, false),
  holdsBeat,
  script: (path) =>
    unlessRefused(() => {
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats?.isFile() === true && stats.size <= longestScript ? textOf(path, longestScript) : null;
    }, null),
  lastLines: lastLinesOf,
  mountsOf: (pid) => unlessRefused(() => readFileSync(`/proc/${taskOf(pid)}/mountinfo`, 'utf8'), null),
  sharesMounts: (pid) =>
    process.platform !== 'linux' || unlessRefused(() => rootOf(pid) === rootOf('self'), null),
  reaches: (pid, path) => unlessRefused(() => reaches(path, `/proc/${taskOf(pid)}/root${path}`), null),
  lock: lockToWatch,
  together,
  foreign: foreignFolder,
};
