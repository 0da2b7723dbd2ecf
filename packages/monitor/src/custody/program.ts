import { posix } from 'node:path';
import { isBeside, variableOf } from './beside.ts';
import { type CommandShape, inlineOf, interpreterOf } from './command-shape.ts';
import type { NamedProgram } from './command-words.ts';
import { type Entry, entriesOf, familyOfProcess, runOf } from './entries.ts';
import { byAssignments } from './environment.ts';
import { isEarlierRelease, isRenamed } from './lookalike.ts';
import { mayMention, mentions } from './mentions.ts';
import { baseOf, beatsElsewhere, byFolder, type Match, type Place, showsItself, writesBy } from './place.ts';
import type { Process } from './process.ts';

export { runOf } from './entries.ts';
export type { Match } from './place.ts';

/** The program that the bot is, as far as command and pattern tell. */
export type Program = Place & {
  readonly shape: CommandShape;
  /** `--bot-process`. */
  readonly pattern: RegExp | null;
  /** The file that PATH leads to, where the command names its program without a folder; `null`: none, or a system's own. */
  readonly found: string | null;
  /** What the command, or the script that it runs, names as a program; `null`: nothing. */
  readonly named: NamedProgram | null;
  /** The environment that the command gets; left out: not known, or it changes that itself. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
};

// Programs that only show, edit, find or wrap what their arguments name.
const bystanders =
  /^(?:vi|vim|nvim|nano|emacs|less|more|tail|head|cat|grep|rg|pgrep|pkill|watch|ssh|tmux|screen|sudo|su|doas|runuser|setpriv|script|strace|gdb|git|man)(?:\.exe)?$/;

/** A monitor, and what starts one, names the bot's program in its own arguments. */
const isOfMonitor = (args: readonly string[]): boolean =>
  args.some((arg) => /^--(?:bot-process|restart)(?:=|$)/.test(arg) || arg.endsWith('sentinel-monitor'));

const samePath = (written: string, process: Process, wanted: string, program: Program): Match => {
  if (process.folder === null && !posix.isAbsolute(written))
    return baseOf(written) === baseOf(wanted) ? 'unverified' : 'no';
  const path = program.real(posix.resolve(process.folder ?? '/', written));
  if (path !== program.real(wanted)) return isEarlierRelease(path, wanted, program) ? 'unverified' : 'no';
  const found = byFolder(process, path, program);
  const isAtHome = process.folder !== null && program.real(process.folder) === posix.dirname(path);
  // Nobody has said where the command runs: it may be that the monitor does not run where it should.
  return found === 'no' && isAtHome && !('folder' in program.shape) ? 'at-home' : found;
};

/**
 * Two bots may run one script, each with words of its own: such a process is another bot. Where only one of them has any,
 * which one it is cannot be known.
 */
const byWords = (found: readonly string[], wanted: readonly string[]): Match => {
  if (found.join('\0') === wanted.join('\0')) return 'yes';
  return found.length > 0 && wanted.length > 0 ? 'no' : 'other-words';
};

const firstOf = (found: readonly Match[]): Match =>
  (['yes', 'unverified', 'other-words', 'at-home'] as const).find((match) => found.includes(match)) ?? 'no';

const asFar = (match: Match, next: () => Match): Match => (match === 'yes' ? next() : match);

/** Whether a process runs code of its command line, and no file. */
export const runsInline = (process: Process): boolean =>
  runOf(process) === null && inlineOf((process.args ?? []).slice(1)) !== null;

/** It runs where the command does, as far as anybody can see. */
const isInFolder = ({ folder }: Process, program: Program): boolean =>
  folder === null || program.real(folder) === program.real(program.folder);

/** Code on the command line that names the script: it may run it, or start it. */
const byInline = (process: Process, wanted: readonly string[], program: Program): Match => {
  const code = inlineOf((process.args ?? []).slice(1)) ?? '';
  const names = wanted.map((path) => baseOf(path)).filter((name) => name !== '__main__.py');
  const isNamed = names.some((name) => code.includes(name));
  return isNamed && isInFolder(process, program) ? 'unverified' : 'no';
};

const runsEntry = (process: Process, wanted: Entry, family: string, program: Program): Match => {
  if (familyOfProcess(process) !== family) return 'no';
  const entries = entriesOf(wanted, family, program.folder);
  if (isRenamed(process)) return isInFolder(process, program) ? 'unverified' : 'no';
  const run = runOf(process);
  if (run === null) return byInline(process, entries, program);
  if ('module' in wanted && 'module' in run && process.folder === null)
    return wanted.module === run.module ? 'unverified' : 'no';
  if ('script' in run) {
    // `python3 trader` runs trader/__main__.py.
    const files = process.folder === null ? [run.script] : entriesOf(run, family, process.folder);
    return firstOf(entries.flatMap((entry) => files.map((file) => samePath(file, process, entry, program))));
  }
  if (process.folder === null) return 'no';
  const found = entriesOf(run, family, process.folder).map((path) => program.real(path));
  return entries.some((entry) => found.includes(program.real(entry))) ? 'yes' : 'no';
};

/** A program that PATH leads to is used for more than one bot as a rule: its words count, too. */
const runsFound = (process: Process, args: readonly string[], program: Program): Match => {
  const { shape, found } = program;
  if (shape.kind !== 'program' || found === null) return 'no';
  const at = args.slice(0, 2).findIndex((word) => samePath(word, process, found, program) === 'yes');
  if (at < 0) return 'no';
  return asFar(byWords(args.slice(at + 1), shape.args), () => byAssignments(process, program));
};

const runsScript = (process: Process, args: readonly string[], program: Program): Match => {
  const { shape } = program;
  if (shape.kind === 'program') {
    const wanted = posix.resolve(program.folder, shape.program);
    // A command that is looked up in PATH is no path of a file here.
    if (!shape.program.includes('/'))
      return program.found === null ? 'no' : runsFound(process, args, program);
    const found = args.slice(0, 2).map((word) => samePath(word, process, wanted, program));
    return asFar(firstOf(found), () => byAssignments(process, program));
  }
  if (shape.kind !== 'script' && shape.kind !== 'module') return 'no';
  const found = runsEntry(process, shape, shape.family, program);
  const words = byWords(runOf(process)?.args ?? [], shape.args);
  if (found === 'at-home') return words === 'yes' ? found : 'no';
  return asFar(
    asFar(found, () => words),
    () => byAssignments(process, program),
  );
};

/** A pattern says which program the bot is, and not in which folder. */
const fitsPattern = (process: Process, program: Program): Match => {
  const { folder, args } = process;
  const own = program.real(program.folder);
  if (folder === '/' && writesBy(process, program) === 'unknown') return 'yes';
  const inside = (args ?? []).find(
    (arg) => posix.isAbsolute(arg) && program.real(arg).startsWith(`${own === '/' ? '' : own}/`),
  );
  return byFolder(process, inside === undefined ? null : program.real(inside), program);
};

/** Whether a process could run the bot's program: cheap, from its arguments only. */
export const mayRun = (args: readonly string[], program: Program): boolean => {
  const { shape, pattern } = program;
  const [name = ''] = args;
  if (bystanders.test(baseOf(name)) || isOfMonitor(args)) return false;
  // A pattern says which process it is: what runs the same program beside it is another bot.
  const isTitle = !name.startsWith('/') && args.slice(1).every((arg) => arg === '');
  if (pattern !== null) return isTitle || pattern.test(args.join(' ')) || interpreterOf(name) !== null;
  // By another spelling, a link or `-m`, the same script has another name: each one of its interpreter may be it.
  if (shape.kind === 'script' || shape.kind === 'module') {
    const named = baseOf(shape.kind === 'script' ? shape.script : shape.module);
    if (interpreterOf(name) !== null || args.some((arg) => baseOf(arg) === named)) return true;
    if (mayMention(args, shape)) return true;
    // A title in the place of all words: only the file that it runs tells more.
    return isTitle;
  }
  if (shape.kind === 'program') return args.slice(0, 2).some((arg) => baseOf(arg) === baseOf(shape.program));
  return false;
};

/** @param namespace the pid namespace of the monitor; `null`: not known. */
export const isElsewhere = (process: Process, namespace: string | null): boolean =>
  process.namespace !== null && namespace !== null && process.namespace !== namespace;

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
  const isNamed = program.pattern === null || program.pattern.test(args.join(' '));
  const found = !isNamed
    ? 'no'
    : program.pattern === null
      ? runsScript(process, args, program)
      : fitsPattern(process, program);
  if (found !== 'no' && writesBy(process, program) === 'another') return 'no';
  const elsewhere = isElsewhere(process, namespace);
  if (found !== 'no' || mayBeElsewhere(args, program)) {
    const view = program.viewOf(process.pid);
    if (view === 'apart') return 'no';
    // In a container, or with mounts of its own, the same file has another path.
    if (view === 'other' || (view !== 'same' && elsewhere)) return 'unverified';
    if (view === 'unknown' && found !== 'no') return 'unverified';
  }
  const isForeign = owner !== null && process.uid !== null && process.uid !== owner;
  if (found === 'no') {
    const isDoubtful =
      !isForeign && ((!elsewhere && isBeside(process, program)) || mentions(process, program));
    return isDoubtful && program.viewOf(process.pid) !== 'apart' ? 'beside' : 'no';
  }
  if (found !== 'yes') return found;
  if (isForeign) return 'unverified';
  return variableOf(process, program) === null ? 'yes' : 'other-environment';
};

const mayBeElsewhere = (args: readonly string[], { shape }: Program): boolean =>
  shape.kind === 'script' && args.some((arg) => baseOf(arg) === baseOf(shape.script));

/** Whether a process is of the kind that the command starts: the same interpreter, where it names one. */
export const isOfFamily = (process: Process, { shape }: Program): boolean =>
  shape.kind !== 'script' && shape.kind !== 'module' ? true : familyOfProcess(process) === shape.family;

const shells = /^-?(?:ba|z|da|k|c|tc|fi)?sh$/;

/** Whether a process is a script of a shell: it may wait for a bot that it has put elsewhere, and end before it. */
export const isWrapper = ({ args }: Pick<Process, 'args'>): boolean => shells.test(baseOf(args?.[0] ?? ''));

/**
 * What the program of a process that a beat names says of it. `shows-itself`: it runs where the bot does, which is
 * evidence only where its number is not in doubt. `no-sign`: nothing says that it is the bot.
 */
export type Fit =
  | 'yes'
  | 'shows-itself'
  | 'another-bot'
  | 'a-shell'
  | 'another-program'
  | 'a-kernel-thread'
  | 'no-sign';

/**
 * Whether a process that a beat names can be the bot. A shell, and a program of another kind than the restart command
 * runs, is something else whose number came into the file.
 *
 * @param isProven the beat says in which start of the machine and in which pid namespace its number counts. A bare number
 *   may have been given to anybody, in a container say: then the process has to show that it can be the bot.
 * @param isSure it was seen to beat into the file of this bot more than once.
 */
export const fitsProgram = (process: Process, program: Program, isProven: boolean, isSure = true): Fit => {
  const { args } = process;
  if (args === null) return isProven ? 'yes' : 'no-sign';
  if (args.length === 0) return 'a-kernel-thread';
  const { shape, pattern } = program;
  const fits = pattern === null ? runsScript(process, args, program) === 'yes' : pattern.test(args.join(' '));
  if (fits && pattern === null) return 'yes';
  // A file that was copied over this one once names a bot that beats elsewhere.
  if (!isSure && beatsElsewhere(process, program)) return 'another-bot';
  if (pattern !== null) return fits ? 'yes' : 'another-program';
  const [name = ''] = args;
  const family = familyOfProcess(process);
  if (shells.test(baseOf(name))) return 'a-shell';
  if (bystanders.test(baseOf(name))) return 'another-program';
  const known = shape.kind === 'script' || shape.kind === 'module';
  if (known && family !== shape.family) return 'another-program';
  if (isProven) return 'yes';
  const run = runOf(process);
  const script = run !== null && 'script' in run ? run.script : null;
  if (writesBy(process, program) === 'this') return 'shows-itself';
  return showsItself(process, family !== null, script, program) ? 'shows-itself' : 'no-sign';
};
