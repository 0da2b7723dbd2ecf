import {
  changedFolder,
  inForeground,
  withoutActivation,
  withoutRedirections,
  wordsOf,
} from './command-words.ts';
import { endingOf } from './ending-command.ts';
import { isShell, shellScriptOf, throughLauncher, throughRunner } from './runners.ts';

export { wordsOf } from './command-words.ts';

type Assignments = Readonly<Record<string, string>>;

/** Where a command runs its program: `cd FOLDER && ...`; without it where the monitor runs. */
type Where = { readonly folder?: string };

/** What a restart command is, as far as its text tells. */
export type CommandShape =
  /** It ends the bot by itself: `docker restart bot`. */
  | { readonly kind: 'ends-bot'; readonly by: string }
  /** `python3 heartbeat.py`: a process that runs the same script is the bot. */
  | (Where & {
      readonly kind: 'script';
      readonly family: string;
      readonly script: string;
      /** What the script is given: another bot may run the same one. */
      readonly args: readonly string[];
      /** `NAME=value` in front of it: another bot may run the same one with other values. */
      readonly assignments: Assignments;
    })
  /** `python3 -m bot`: the same for a module. */
  | (Where & {
      readonly kind: 'module';
      readonly family: string;
      readonly module: string;
      readonly args: readonly string[];
      readonly assignments: Assignments;
    })
  /** `./start.sh`: what it starts is not known; a process that runs it belongs to the bot. */
  | (Where & {
      readonly kind: 'program';
      readonly program: string;
      readonly args: readonly string[];
      readonly assignments: Assignments;
    })
  /** A line for a shell, of which nothing is known. */
  | { readonly kind: 'opaque' };

const baseOf = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/** The interpreter behind a program's name; `null`: it is none. A shell starts other programs, so it is none here. */
export const interpreterOf = (program: string): string | null => {
  const name = baseOf(program)
    .toLowerCase()
    .replace(/\.exe$/, '');
  if (/^(?:python|pypy)[\d.]*w?$/.test(name)) return 'python';
  if (/^(?:node|nodejs|bun|deno|ruby|perl|php|java|dotnet)[\d.]*$/.test(name))
    return name.replace(/^nodejs/, 'node').replace(/[\d.]+$/, '');
  return null;
};

/** Options that take the next word as their value, for each interpreter. */
const valued: Readonly<Record<string, readonly string[]>> = {
  python: ['-X', '-W', '--check-hash-based-pycs'],
  node: [
    '-r',
    '--require',
    '--import',
    '-C',
    '--conditions',
    '--loader',
    '--experimental-loader',
    '--env-file',
  ],
  bun: ['-r', '--preload'],
  deno: [],
  ruby: ['-I', '-r', '-C'],
  perl: ['-I', '-M'],
  php: ['-d', '-c'],
  java: ['-cp', '-classpath', '--class-path', '-p', '--module-path'],
  dotnet: [],
};
/** Options with which there is no script: code on the command line. */
const inline = new Set(['-c', '-e', '-p', '--eval', '--print', '-pe', '-ne', '-']);
/** `deno run bot.ts`, `bun run bot.ts`. */
const verbs: Readonly<Record<string, readonly string[]>> = { deno: ['run'], bun: ['run'] };

/** What an interpreter runs, from the words behind its name. */
export const runBy = (
  family: string,
  words: readonly string[],
):
  | ({ readonly args: readonly string[] } & ({ readonly script: string } | { readonly module: string }))
  | null => {
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (inline.has(word)) return null;
    const next = words[at + 1];
    const behind = words.slice(at + 2);
    if (family === 'python' && word === '-m')
      return next === undefined ? null : { module: next, args: behind };
    if (family === 'java' && word === '-jar')
      return next === undefined ? null : { script: next, args: behind };
    if (valued[family]?.includes(word)) at += 1;
    else if (!word.startsWith('-') && !verbs[family]?.includes(word))
      return { ...(family === 'java' ? { module: word } : { script: word }), args: words.slice(at + 1) };
  }
  return null;
};

/** The code on an interpreter's command line; `null`: there is none. */
export const inlineOf = (words: readonly string[]): string | null => {
  const at = words.findIndex((word) => inline.has(word) && word !== '-');
  return at === -1 ? null : (words[at + 1] ?? '');
};

/** Words in front of a program that change nothing about what runs. */
const prefix = /^(?:(?:exec|nohup|env)$|[A-Za-z_]\w*=)/;
/** Variables by which no two bots are told apart. */
const technical =
  /^(?:PYTHON\w*|NODE_\w*|LC_\w*|LD_\w*|MALLOC_\w*|UV_\w*|LANG|TZ|PATH|HOME|TERM|VIRTUAL_ENV)$/;

const assignmentsOf = (words: readonly string[]): Assignments => {
  const first = words.findIndex((word) => !prefix.test(word));
  return Object.fromEntries(
    words.slice(0, first === -1 ? words.length : first).flatMap((word) => {
      const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
      return name === undefined || value === undefined || technical.test(name) ? [] : [[name, value]];
    }),
  );
};

const withoutPrefixes = (words: readonly string[]): readonly string[] => {
  const first = words.findIndex((word) => !prefix.test(word));
  return first === -1 ? [] : words.slice(first);
};

/** The same words without the launchers among them; what is set in front of a launcher holds behind it too. */
const withoutLaunchers = (words: readonly string[]): readonly string[] => {
  const plain = withoutPrefixes(words);
  const run = throughLauncher(plain);
  if (run === plain) return words;
  return [...words.slice(0, words.length - plain.length), ...withoutLaunchers(run)];
};

/** What `sh -c CODE` runs. That it ends the old bot is believed only of a command that says so in its first words. */
const insideOf = (shape: CommandShape, assignments: Assignments): CommandShape =>
  shape.kind === 'ends-bot' || shape.kind === 'opaque'
    ? { kind: 'opaque' }
    : { ...shape, assignments: { ...assignments, ...shape.assignments } };

/** The shape of words that a shell only splits. */
const shapeOfWords = (given: readonly string[]): CommandShape => {
  const by = endingOf(withoutPrefixes(given));
  if (by !== null) return { kind: 'ends-bot', by };
  const words = withoutLaunchers(given);
  const plain = withoutPrefixes(words);
  const assignments = assignmentsOf(words);
  const [program, ...more] = throughRunner(plain);
  if (program === undefined) return { kind: 'opaque' };
  const [first = '', flag = '', code, ...behind] = plain;
  if (isShell(first) && /^-l?c$/.test(flag) && code !== undefined && behind.length === 0)
    return insideOf(commandShape(code), assignments);
  const script = shellScriptOf(plain);
  if (script !== null) return { kind: 'program', program: script, args: [], assignments };
  const family = interpreterOf(program);
  if (family === null) return { kind: 'program', program, args: more, assignments };
  const run = runBy(family, more);
  if (run === null) return { kind: 'opaque' };
  return 'script' in run
    ? { kind: 'script', family, script: run.script, args: run.args, assignments }
    : { kind: 'module', family, module: run.module, args: run.args, assignments };
};

/**
 * Reads a restart command.
 *
 * @example
 * commandShape('python3 -u heartbeat.py'); // { kind: 'script', family: 'python', script: 'heartbeat.py', args: [], assignments: {} }
 */
export const commandShape = (command: string): CommandShape => {
  const plain = wordsOf(command);
  if (plain !== null) return shapeOfWords(plain);
  const { folder, command: run } = changedFolder(
    withoutRedirections(inForeground(withoutActivation(command))),
  );
  const words = wordsOf(run);
  const shape = words === null ? null : shapeOfWords(words);
  // That a command ends the old bot is believed only of one without any operator.
  if (shape === null || shape.kind === 'opaque' || shape.kind === 'ends-bot') return { kind: 'opaque' };
  return folder === null ? shape : { ...shape, folder };
};
