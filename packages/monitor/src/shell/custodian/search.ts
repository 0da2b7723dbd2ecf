import { homedir } from 'node:os';
import { delimiter, resolve } from 'node:path';
import { isSystemError } from '@sentinel/heartbeat-core';
import { variableOf } from '../../custody/beside.ts';
import { type CommandShape, commandShape } from '../../custody/command-shape.ts';
import { namedProgram, withHome } from '../../custody/command-words.ts';
import type { ProgramFacts } from '../../custody/custody.ts';
import { changesEnvironment } from '../../custody/environment.ts';
import { compareMounts, type View } from '../../custody/mounts.ts';
import { isOurs, runsNamed } from '../../custody/named.ts';
import { baseOf, ofSystem } from '../../custody/place.ts';
import type { Process } from '../../custody/process.ts';
import { type Match, matchOf, mayRun, type Program, runOf } from '../../custody/program.ts';
import type { Files } from '../ports/files.ts';
import type { Processes } from '../ports/processes/index.ts';
import type { CustodianOptions } from './port.ts';

/** What another bot of the same monitor has: its processes are never this one's. */
export type Claim = {
  readonly program: Program;
  /** It is in the process group of its restart command, or its beats name it. */
  readonly holds: (process: Pick<Process, 'pid' | 'group' | 'mark'>) => boolean;
};

/** Mounts that may not be read, and those of a process that has just ended, say nothing. */
const viewFrom = (files: Files, file: string, pid: number): View => {
  if (files.sharesMounts(pid) === true) return 'same';
  const [own, theirs, isReached] = [files.mountsOf('self'), files.mountsOf(pid), files.reaches(pid, file)];
  if (own === null || theirs === null || isReached === null) return 'unknown';
  const found = compareMounts(own, theirs, file);
  if (isReached) return found === 'same' ? found : 'reached';
  return found === 'same' ? 'other' : found;
};

/** The script that a command names; `null`: there is none that is a text of usual size. */
const scriptOf = (files: Files, shape: CommandShape, folder: string): string | null =>
  shape.kind === 'program' && shape.program.includes('/')
    ? files.script(resolve(folder, shape.program))
    : null;

/** The file that a bare name leads to; what the system has for everybody is no bot. */
const inPath = (files: Files, shape: CommandShape, path: string | undefined): string | null => {
  if (shape.kind !== 'program' || shape.program.includes('/') || path === undefined) return null;
  const found = path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => resolve(folder, shape.program))
    .find(files.isExecutable);
  return found === undefined || ofSystem.test(found) ? null : found;
};

const folderOf = (shape: CommandShape): string => resolve('folder' in shape ? (shape.folder ?? '') : '');

/** The home folder of this user; `null`: the system does not know one. */
const homeOf = (): string | null => {
  try {
    return homedir();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return null;
  }
};

/** As a shell of this user runs it. */
const inFull = (command: string): string => withHome(command, homeOf());

const shapeOf = (command: string | undefined): CommandShape =>
  command === undefined ? { kind: 'opaque' } : commandShape(inFull(command));

export type Search = {
  readonly command?: string | undefined;
  readonly botProcess?: string | undefined;
  /** Where the command is run, where another process has said it; else it is run where this one is. */
  readonly folder?: string | undefined;
};

/** The same as the journal keeps it; `null`: by nothing. */
export const searchedBy = ({ command, botProcess, folder }: Search): string | null =>
  command === undefined && botProcess === undefined
    ? null
    : `${inFull(command ?? '')}\0${botProcess ?? ''}\0${folder ?? folderOf(shapeOf(command))}`;

/** By what a monitor has searched, as the journal keeps it; `null`: that is not of this form. */
export const parseSearch = (searched: string): Search | null => {
  const [command, botProcess, folder, ...more] = searched.split('\0');
  if (command === undefined || botProcess === undefined || folder === undefined || more.length > 0)
    return null;
  return { command: command || undefined, botProcess: botProcess || undefined, folder };
};

/** @param environment that of the command. */
export const programOf = (
  files: Files,
  file: string,
  { command, botProcess, folder: given }: Search,
  environment?: Readonly<Record<string, string | undefined>>,
): Program => {
  const shape = shapeOf(command);
  const folder = given ?? folderOf(shape);
  return {
    shape,
    pattern: botProcess === undefined ? null : new RegExp(botProcess),
    found: inPath(files, shape, environment?.PATH),
    named: command === undefined ? null : namedProgram(command, scriptOf(files, shape, folder)),
    environment: command !== undefined && changesEnvironment.test(command) ? undefined : environment,
    folder,
    file: resolve(file),
    real: files.real,
    exists: files.exists,
    holdsBeat: files.holdsBeat,
    viewOf: (pid) => viewFrom(files, files.real(resolve(file)), pid),
  };
};

const searchable: readonly CommandShape['kind'][] = ['script', 'module', 'program'];
export const isSearchable = ({ pattern, shape }: Program): boolean =>
  pattern !== null || searchable.includes(shape.kind);

export type Found = Omit<ProgramFacts, 'seen' | 'search'> & {
  /** They may be the bot in another spelling. */
  readonly beside?: readonly Process[];
};

/** The file that this process runs, as the system shows it to others; `null`: it does not. */
const ownScript = ({ real }: Program, processes: Processes): string | null => {
  const self = processes.get(process.pid);
  const run = typeof self === 'object' ? runOf(self) : null;
  if (typeof self !== 'object' || run === null || !('script' in run)) return null;
  return real(resolve(self.folder ?? '/', run.script));
};

/** A page, an API or another monitor in the bot's folder is no bot. */
export const isOfOurs = (row: Process, program: Program, processes: Processes): boolean => {
  const run = runOf(row);
  const own = ownScript(program, processes);
  if (own === null || run === null || !('script' in run)) return false;
  return isOurs(program.real(resolve(row.folder ?? '/', run.script)), own);
};

/**
 * Processes that run what the script of the command names: where the command itself tells which program the bot is, or a
 * person has, these tell nothing more. `null`: the system did not answer.
 */
export const searchNamed = (
  program: Program,
  processes: Processes,
  namespace: string | null,
): readonly Process[] | null => {
  const { shape, pattern, named } = program;
  if (named === null || pattern !== null || (shape.kind !== 'program' && shape.kind !== 'opaque')) return [];
  const table = processes.list((args) => args.some((arg) => baseOf(arg) === named.file));
  if (table === 'unknown') return null;
  const own = ownScript(program, processes);
  return (table?.rows ?? []).filter((row) => runsNamed(row, program, namespace, own));
};

/** It ended while this look was made: then the system says nothing more of it, and it has no words any more. */
const hasJustEnded = ({ pid, mark }: Process, processes: Processes): boolean => {
  const found = processes.get(pid);
  return found === 'none' || (typeof found === 'object' && (found.mark !== mark || found.args?.length === 0));
};

const nothing: Found = { matches: [], unverified: [], otherWords: [], complete: true, failed: false };

/** Looks through the processes of the machine for those that run the program of a bot. */
export const searchFor = (
  own: Claim,
  another: CustodianOptions['another'],
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
    if (!isOwn && another((other) => other.holds(row))) return 'no';
    const found = matchOf(row, program, owner, namespace);
    if (found === 'no' || (found === 'unverified' && hasJustEnded(row, processes))) return 'no';
    if (found === 'beside') return found;
    if (isOwn) return 'yes';
    // Two bots run the same program as far as anybody can see: which of them this is cannot be known.
    const isShared = another((other) => matchOf(row, other.program, owner, namespace) === 'yes');
    return found === 'yes' && isShared ? 'unverified' : found;
  };
  const judged = table.rows.map((row) => [row, judge(row)] as const);
  const of = (match: Match): readonly Process[] =>
    judged.flatMap(([row, found]) => (found === match ? [row] : []));
  return {
    matches: of('yes'),
    unverified: of('unverified'),
    otherWords: of('other-words'),
    otherEnvironment: of('other-environment').map((process) => ({
      process,
      name: variableOf(process, program) ?? '',
    })),
    atHome: of('at-home'),
    beside: of('beside'),
    complete: table.complete,
    failed: false,
  };
};
