import { posix } from 'node:path';
import { type CommandShape, familyOf, runBy } from './command-shape.ts';
import type { Process } from './process.ts';

/** The program that the bot is, as far as command and pattern tell. */
export type Program = {
  readonly shape: CommandShape;
  /** `--bot-process`. */
  readonly pattern: RegExp | null;
  /** Where the restart command is run: its relative paths begin there. */
  readonly folder: string;
  /** The status file of this bot. */
  readonly file: string;
  /** Follows links, as far as it can. */
  readonly real: (path: string) => string;
  readonly exists: (path: string) => boolean;
};

/**
 * `unverified`: it has the name of the bot's program, and whether it is the bot cannot be known. `other-words`: it runs the
 * program, and of it and the command only one has words behind the script; or it runs a program that serves several bots in
 * another folder.
 */
export type Match = 'yes' | 'unverified' | 'other-words' | 'no';

/** Programs that only show, edit, find or wrap what their arguments name. */
const bystanders =
  /^(?:vi|vim|nvim|nano|emacs|less|more|tail|head|cat|grep|rg|pgrep|pkill|watch|ssh|tmux|screen|sudo|su|doas|runuser|setpriv|script|strace|gdb|git|man)$/;

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** A monitor, and what starts one, names the bot's program in its own arguments. */
const isOfMonitor = (args: readonly string[]): boolean =>
  args.some((arg) => /^--(?:bot-process|restart)(?:=|$)/.test(arg) || arg.endsWith('sentinel-monitor'));

const samePath = (written: string, process: Process, wanted: string, program: Program): Match => {
  if (baseOf(written) !== baseOf(wanted)) return 'no';
  if (process.folder === null && !posix.isAbsolute(written)) return 'unverified';
  const path = program.real(posix.resolve(process.folder ?? '/', written));
  if (path !== program.real(wanted)) return 'no';
  return ofShared(process, path, program);
};

/** A program that lies outside of the bot's folder serves several bots, as a rule: each runs in a folder of its own. */
const ofShared = ({ folder }: Process, path: string, program: Program): Match => {
  const own = program.real(program.folder);
  if (folder === null || program.real(folder) === own) return 'yes';
  if (path.startsWith(own.endsWith('/') ? own : `${own}/`)) return 'yes';
  // One that has a status file where this one has its own, seen from its folder, writes that.
  const file = posix.relative(program.folder, program.file);
  const isBelow = !file.startsWith('..') && !posix.isAbsolute(file);
  return isBelow && program.exists(posix.join(folder, file)) ? 'no' : 'other-words';
};

/**
 * Two bots may run one script, each with words of its own: such a process is another bot. Where only one of them has any,
 * which one it is cannot be known.
 */
const byWords = (found: readonly string[], wanted: readonly string[]): Match => {
  if (found.join('\0') === wanted.join('\0')) return 'yes';
  return found.length > 0 && wanted.length > 0 ? 'no' : 'other-words';
};

const runsScript = (process: Process, args: readonly string[], program: Program): Match => {
  const { shape } = program;
  const [name = '', ...words] = args;
  if (shape.kind === 'program') {
    const wanted = posix.resolve(program.folder, shape.program);
    // A command that is looked up in PATH is no path of a file here.
    if (!shape.program.includes('/')) return 'no';
    const found = [name, ...words.slice(0, 1)].map((word) => samePath(word, process, wanted, program));
    return (['yes', 'unverified', 'other-words'] as const).find((match) => found.includes(match)) ?? 'no';
  }
  if (shape.kind !== 'script' && shape.kind !== 'module') return 'no';
  if (familyOf(name) !== shape.family) return 'no';
  const run = runBy(shape.family, words);
  if (run === null) return 'no';
  const asFar = (match: Match): Match => (match === 'yes' ? byWords(run.args, shape.args) : match);
  if (shape.kind === 'module') {
    if (!('module' in run) || run.module !== shape.module) return 'no';
    if (process.folder === null) return 'unverified';
    return asFar(program.real(process.folder) === program.real(program.folder) ? 'yes' : 'no');
  }
  return 'script' in run
    ? asFar(samePath(run.script, process, posix.resolve(program.folder, shape.script), program))
    : 'no';
};

/** Whether a process could run the bot's program: cheap, from its arguments only. */
export const mayRun = (args: readonly string[], program: Program): boolean => {
  const { shape, pattern } = program;
  const [name = ''] = args;
  if (bystanders.test(baseOf(name)) || isOfMonitor(args)) return false;
  // A pattern says which process it is: what runs the same program beside it is another bot.
  if (pattern !== null) return pattern.test(args.join(' '));
  if (shape.kind === 'script') return args.some((arg) => baseOf(arg) === baseOf(shape.script));
  if (shape.kind === 'module') return args.includes(shape.module);
  if (shape.kind === 'program') return args.slice(0, 2).some((arg) => baseOf(arg) === baseOf(shape.program));
  return false;
};

/** Its own environment says that it writes another status file. */
const isOfAnotherFile = ({ statusFile, folder }: Process, program: Program): boolean => {
  if (statusFile === null || (folder === null && !posix.isAbsolute(statusFile))) return false;
  return program.real(posix.resolve(folder ?? '/', statusFile)) !== program.real(program.file);
};

/**
 * Whether a process is the bot: it runs the same program as the restart command, or matches the pattern.
 *
 * @param owner the user who writes the status file; `null`: not known.
 * @param namespace the pid namespace of the monitor; `null`: not known.
 */
export const matchOf = (
  process: Process,
  program: Program,
  owner: number | null,
  namespace: string | null,
): Match => {
  const { args } = process;
  if (args === null || !mayRun(args, program)) return 'no';
  if (isOfAnotherFile(process, program)) return 'no';
  const found = program.pattern === null ? runsScript(process, args, program) : 'yes';
  const elsewhere = process.namespace !== null && namespace !== null && process.namespace !== namespace;
  // In a container the same file has another path.
  if (elsewhere && (found !== 'no' || program.shape.kind === 'script')) return 'unverified';
  if (found !== 'yes') return found;
  return owner !== null && process.uid !== null && process.uid !== owner ? 'unverified' : 'yes';
};

const shells = /^-?(?:ba|z|da|k|c|tc|fi)?sh$/;

/** Whether a process is a script of a shell: it may wait for a bot that it has put elsewhere, and end before it. */
export const isWrapper = ({ args }: Pick<Process, 'args'>): boolean => shells.test(baseOf(args?.[0] ?? ''));

/**
 * Whether a process that a beat names can be the bot. A shell, and a program of another kind than the restart command
 * runs, is something else whose number came into the file.
 */
export const fitsProgram = (process: Process, program: Program): 'yes' | 'a-shell' | 'another-program' => {
  const { args } = process;
  if (args === null || args.length === 0) return 'yes';
  const { shape, pattern } = program;
  if (pattern !== null) return pattern.test(args.join(' ')) ? 'yes' : 'another-program';
  if (runsScript(process, args, program) === 'yes') return 'yes';
  const [name = ''] = args;
  if (shells.test(baseOf(name))) return 'a-shell';
  if (bystanders.test(baseOf(name))) return 'another-program';
  const known = shape.kind === 'script' || shape.kind === 'module';
  return known && familyOf(name) !== shape.family ? 'another-program' : 'yes';
};
