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
  /** Follows links, as far as it can. */
  readonly real: (path: string) => string;
};

/** `unverified`: it has the name of the bot's program, and whether it is the bot cannot be known. */
export type Match = 'yes' | 'unverified' | 'no';

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
  const path = posix.resolve(process.folder ?? '/', written);
  return path === wanted || program.real(path) === program.real(wanted) ? 'yes' : 'no';
};

const runsScript = (process: Process, args: readonly string[], program: Program): Match => {
  const { shape } = program;
  const [name = '', ...words] = args;
  if (shape.kind === 'program') {
    const wanted = posix.resolve(program.folder, shape.program);
    // A command that is looked up in PATH is no path of a file here.
    if (!shape.program.includes('/')) return 'no';
    const found = [name, ...words.slice(0, 1)].map((word) => samePath(word, process, wanted, program));
    return found.includes('yes') ? 'yes' : found.includes('unverified') ? 'unverified' : 'no';
  }
  if (shape.kind !== 'script' && shape.kind !== 'module') return 'no';
  if (familyOf(name) !== shape.family) return 'no';
  const run = runBy(shape.family, words);
  if (run === null) return 'no';
  if (shape.kind === 'module') {
    if (!('module' in run) || run.module !== shape.module) return 'no';
    return process.folder === null
      ? 'unverified'
      : program.real(process.folder) === program.real(program.folder)
        ? 'yes'
        : 'no';
  }
  return 'script' in run
    ? samePath(run.script, process, posix.resolve(program.folder, shape.script), program)
    : 'no';
};

/** Whether a process could run the bot's program: cheap, from its arguments only. */
export const mayRun = (args: readonly string[], program: Program): boolean => {
  const { shape, pattern } = program;
  const [name = ''] = args;
  if (bystanders.test(baseOf(name)) || isOfMonitor(args)) return false;
  if (pattern?.test(args.join(' '))) return true;
  if (shape.kind === 'script') return args.some((arg) => baseOf(arg) === baseOf(shape.script));
  if (shape.kind === 'module') return args.includes(shape.module);
  if (shape.kind === 'program') return args.slice(0, 2).some((arg) => baseOf(arg) === baseOf(shape.program));
  return false;
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
  const found = program.pattern?.test(args.join(' ')) ? 'yes' : runsScript(process, args, program);
  const elsewhere = process.namespace !== null && namespace !== null && process.namespace !== namespace;
  // In a container the same file has another path.
  if (elsewhere && (found !== 'no' || program.shape.kind === 'script')) return 'unverified';
  if (found !== 'yes') return found;
  return owner !== null && process.uid !== null && process.uid !== owner ? 'unverified' : 'yes';
};
