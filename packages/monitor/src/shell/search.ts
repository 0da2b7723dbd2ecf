import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, resolve } from 'node:path';
import { isSystemError } from '@sentinel/heartbeat-core';
import { type CommandShape, commandShape } from '../custody/command-shape.ts';
import { suggestedPattern } from '../custody/command-words.ts';
import type { ProgramFacts } from '../custody/custody.ts';
import { type View, viewOf } from '../custody/mounts.ts';
import { ofSystem } from '../custody/place.ts';
import type { Process } from '../custody/process.ts';
import { type Match, matchOf, mayRun, type Program } from '../custody/program.ts';
import type { Processes } from './processes/index.ts';

/** What another bot of the same monitor has: its processes are never this one's. */
export type Claim = {
  readonly program: Program;
  /** It is in the process group of its restart command, or its beats name it. */
  readonly holds: (process: Pick<Process, 'pid' | 'group' | 'mark'>) => boolean;
};

const real = (path: string): string => {
  try {
    return realpathSync(path);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    // A path that leads nowhere, or may not be followed, stands for itself.
    return path;
  }
};

/** The longest file that can be a status file, in bytes. */
const longest = 65_536;
/** A file that is being written is empty for an instant: it is read again so often, so many ms later. */
const tries = 5;
const againMs = 3;
/** One that changed longer ago than this is not being written, in ms. */
const lateMs = 5000;
/** Files in which a bot has beaten, as far as they were looked at: what is torn later is still that. */
const seen = new Set<string>();

const readBeat = (path: string): 'beat' | 'being-written' | 'none' => {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isFile() !== true || stats.size > longest) return 'none';
    if (seen.has(path) || /^.+\r?\n\d{4}-\d\d-\d\d[T ]\d\d:/.test(readFileSync(path, 'utf8'))) return 'beat';
    return Date.now() - stats.mtimeMs < lateMs ? 'being-written' : 'none';
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return 'none';
  }
};

export const holdsBeat = (path: string): boolean => {
  let found = readBeat(path);
  for (let tried = 1; found === 'being-written' && tried < tries; tried += 1) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, againMs);
    found = readBeat(path);
  }
  if (found === 'beat') seen.add(path);
  return found === 'beat';
};

/** Mounts that may not be read, and those of a process that has just ended, say nothing. */
const viewFrom = (folder: string, pid: number): View => {
  const mounts = (of: number | 'self') => readFileSync(`/proc/${of}/mountinfo`, 'utf8');
  try {
    return viewOf(mounts('self'), mounts(pid), folder);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return 'other';
  }
};

/** The longest start script that is read for a hint, in bytes. */
const longestScript = 16_384;

/** The script that a command names; `null`: there is none that is a text of usual size. */
const scriptOf = (shape: CommandShape, folder: string): string | null => {
  if (shape.kind !== 'program' || !shape.program.includes('/')) return null;
  try {
    const path = resolve(folder, shape.program);
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() === true && stats.size <= longestScript ? readFileSync(path, 'utf8') : null;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return null;
  }
};

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return false;
  }
};

/** The file that a bare name leads to; what the system has for everybody is no bot. */
const inPath = (shape: CommandShape, path: string | undefined): string | null => {
  if (shape.kind !== 'program' || shape.program.includes('/') || path === undefined) return null;
  const files = path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => resolve(folder, shape.program));
  const found = files.find(isExecutable);
  return found === undefined || ofSystem.test(found) ? null : found;
};

/** @param path the PATH with which the command is run. */
export const programOf = (
  file: string,
  command: string | undefined,
  botProcess: string | undefined,
  path?: string,
): Program => {
  const shape: CommandShape = command === undefined ? { kind: 'opaque' } : commandShape(command);
  const folder = resolve('folder' in shape ? (shape.folder ?? '') : '');
  return {
    shape,
    pattern: botProcess === undefined ? null : new RegExp(botProcess),
    found: inPath(shape, path),
    suggested: command === undefined ? null : suggestedPattern(command, scriptOf(shape, folder)),
    folder,
    file: resolve(file),
    real,
    exists: existsSync,
    holdsBeat,
    viewOf: (pid) => viewFrom(real(dirname(resolve(file))), pid),
  };
};

const searchable: readonly CommandShape['kind'][] = ['script', 'module', 'program'];
export const isSearchable = ({ pattern, shape }: Program): boolean =>
  pattern !== null || searchable.includes(shape.kind);

export type Found = Omit<ProgramFacts, 'seen' | 'search'>;

const nothing: Found = { matches: [], unverified: [], otherWords: [], complete: true, failed: false };

/** Looks through the processes of the machine for those that run the program of a bot. */
export const searchFor = (
  own: Claim,
  others: readonly Claim[],
  processes: Processes,
  owner: number | null,
  namespace: string | null,
): Found => {
  const { program } = own;
  if (!isSearchable(program)) return nothing;
  const table = processes.list((args) => mayRun(args, program));
  if (table === null || table === 'unknown')
    return { ...nothing, matches: null, complete: false, failed: table === 'unknown' };
  const judge = (row: Process): Match => {
    const isOwn = own.holds(row);
    if (!isOwn && others.some((other) => other.holds(row))) return 'no';
    const found = matchOf(row, program, owner, namespace);
    if (found === 'no') return 'no';
    if (isOwn) return 'yes';
    // Two bots run the same program as far as anybody can see: which of them this is cannot be known.
    const isShared = others.some((other) => matchOf(row, other.program, owner, namespace) === 'yes');
    return found === 'yes' && isShared ? 'unverified' : found;
  };
  const judged = table.rows.map((row) => [row, judge(row)] as const);
  const of = (match: Match): readonly Process[] =>
    judged.flatMap(([row, found]) => (found === match ? [row] : []));
  return {
    matches: of('yes'),
    unverified: of('unverified'),
    otherWords: of('other-words'),
    complete: table.complete,
    failed: false,
  };
};
