import { posix } from 'node:path';
import { type CommandShape, inlineOf } from './command-shape.ts';
import { entriesOf, familyOfProcess, runOf } from './entries.ts';
import { byAssignments } from './environment.ts';
import { baseOf, byFolder, writesBy } from './place.ts';
import type { Process } from './process.ts';
import type { Program } from './program.ts';

/*
 * Processes that name the program of the command, and of which nobody can see that they run it: a daemon that has changed
 * its folder, an interpreter under another name, a launcher that is given the module, a file that is only open.
 */

type Named = Extract<CommandShape, { kind: 'script' | 'module' }>;

/** The names by which a program is called: its file, and the module that it is. Each package has a `__main__.py`. */
const namesOf = (shape: Named): { readonly file: string | null; readonly stem: string } => {
  if (shape.kind === 'module') {
    const stem = shape.module.split('.').at(-1) ?? shape.module;
    return { file: shape.family === 'python' ? `${stem}.py` : null, stem };
  }
  const file = baseOf(shape.script);
  if (file === '__main__.py') return { file: null, stem: baseOf(posix.dirname(shape.script)) };
  return { file, stem: file.replace(/\.\w+$/, '') };
};

/** `--app=heartbeat:run`: what of a word may be a name. */
const coreOf = (word: string): string => word.replace(/^--?[\w-]+=/, '').replace(/:\w*$/, '');

/** Whether a word names the program. As a module only where modules are named: behind `-m`, or for its interpreter. */
const isName = (word: string, before: string | undefined, shape: Named, mayImport: boolean): boolean => {
  const { file, stem } = namesOf(shape);
  const core = coreOf(word);
  if (file !== null && baseOf(core) === file) return true;
  return (mayImport || before === '-m') && /^[\w.-]+$/.test(core) && core.split('.').at(-1) === stem;
};

/** The same from the words of a process only: cheap. */
export const mayMention = (args: readonly string[], shape: CommandShape): boolean =>
  (shape.kind === 'script' || shape.kind === 'module') &&
  args.some((word, at) => at > 0 && isName(word, args[at - 1], shape, false));

/** Two bots of one program, each with words of its own. */
const hasOtherWords = (found: readonly string[], { args }: Named): boolean =>
  found.length > 0 && args.length > 0 && found.join('\0') !== args.join('\0');

/** What only shows a container: the process within is seen by itself. */
const clients = /^(?:docker|podman|nerdctl|kubectl|crictl)$/;

/** An open file, which may have any name. */
const openFile = /^\/(?:dev|proc\/(?:self|\d+))\/fd\/\d+$/;

/** It was started in the folder of the command, as far as its environment tells. */
const isFromFolder = ({ environment }: Process, { folder, real }: Program): boolean =>
  environment === null || (environment.PWD !== undefined && real(environment.PWD) === real(folder));

/** One of the words names the program: not where it leads to another file, or has other words behind it. */
const mentionsIn = (
  words: readonly string[],
  process: Process,
  shape: Named,
  { folder, real, exists }: Pick<Program, 'folder' | 'real' | 'exists'>,
): boolean => {
  const mayImport = familyOfProcess(process) === shape.family;
  const own = entriesOf(shape, shape.family, folder).map(real);
  return words.some((word, at) => {
    if (!isName(word, words[at - 1], shape, mayImport)) return false;
    const core = coreOf(word);
    const path = posix.resolve(process.folder ?? '/', core);
    const isFile = baseOf(core) === namesOf(shape).file;
    if (isFile && exists(path) && !own.includes(real(path))) return false;
    return !(isFile && hasOtherWords(words.slice(at + 1), shape));
  });
};

/** Whether a process may be the bot since its words name the bot's program, and nothing says that it is another one. */
export const mentions = (process: Process, program: Program): boolean => {
  const { shape, real, exists } = program;
  if (shape.kind !== 'script' && shape.kind !== 'module') return false;
  const own = entriesOf(shape, shape.family, program.folder);
  const family = familyOfProcess(process);
  const [name = '', ...words] = process.args ?? [];
  // Where the command's own file is not there either, the module is an installed one: it runs in any folder.
  if (!own.some(exists) || clients.test(baseOf(name)) || (family ?? shape.family) !== shape.family)
    return false;
  if (writesBy(process, program) === 'another' || byFolder(process, null, program) === 'no') return false;
  if (byAssignments(process, program) === 'no') return false;
  if (family === null) return mentionsIn(words, process, shape, program);
  const run = runOf(process);
  if (run === null) {
    const { file, stem } = namesOf(shape);
    const code = inlineOf(words) ?? '';
    return (file !== null && code.includes(file)) || code.split(/[^\w-]+/).includes(stem);
  }
  if ('script' in run && openFile.test(run.script)) return isFromFolder(process, program);
  const here = process.folder === null ? [] : entriesOf(run, family, process.folder).filter(exists);
  // It runs the program itself, and has been judged by that.
  if (here.some((path) => own.some((each) => real(each) === real(path)))) return false;
  const first = 'script' in run ? [run.script] : ['-m', run.module];
  const given = here.length > 0 ? run.args : [...first, ...run.args];
  return mentionsIn(given, process, shape, program);
};
