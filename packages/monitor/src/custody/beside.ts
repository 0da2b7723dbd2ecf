import { inlineOf } from './command-shape.ts';
import { entriesOf, familyOfProcess, runOf } from './entries.ts';
import { otherVariable } from './environment.ts';
import { baseOf, writesBy } from './place.ts';
import type { Process } from './process.ts';
import type { Program } from './program.ts';

/*
 * Processes that are another bot, another program, or the bot in another spelling: what nobody can tell for sure.
 */

/** The variable by which a process may be another bot of the same program; `null`: none tells them apart. */
export const variableOf = (process: Process, { environment, shape }: Program): string | null =>
  otherVariable(
    process,
    environment && { ...environment, ...('assignments' in shape ? shape.assignments : {}) },
  );

/**
 * An interpreter that runs in the bot's folder, and code, a file of that folder, or what nobody can see any more
 * (`-c 'import bot'`, a pipe): it may be the bot in another spelling. What it runs from elsewhere is another program.
 */
export const isBeside = (process: Process, program: Program): boolean => {
  const { shape, folder } = program;
  const family = familyOfProcess(process);
  if (family === null || (shape.kind !== 'script' && shape.kind !== 'module')) return false;
  if (process.folder === null || program.real(process.folder) !== program.real(folder)) return false;
  if (writesBy(process, program) === 'another') return false;
  const run = runOf(process);
  if (run === null) return true;
  const entries = entriesOf(run, family, process.folder).map((path) => program.real(path));
  const own = program.real(folder);
  // The bot's own program with other words is another bot.
  const wanted = entriesOf(shape, shape.family, folder).map((path) => program.real(path));
  if (entries.some((path) => wanted.includes(path))) return false;
  const isInside = entries.some((path) => program.exists(path) && path.startsWith(`${own}/`));
  // What is given as a number of an open file is a pipe.
  return (
    isInside ||
    run.args.some((word) => mayName(word, shape)) ||
    ('script' in run && (run.script === '.' || run.script.startsWith('/dev/fd/')))
  );
};

const mayName = (word: string, shape: { readonly script: string } | { readonly module: string }): boolean =>
  baseOf(word) === baseOf('script' in shape ? shape.script : shape.module);

/**
 * A pattern that is found only in the words that an interpreter's program is given: a tool that is to show or change the
 * bot's files as a rule.
 */
export const isGivenOnly = (process: Process, { pattern }: Program): boolean => {
  if (pattern === null || familyOfProcess(process) === null) return false;
  const { args } = process;
  const words = (args ?? []).slice(1);
  const code = words.indexOf(inlineOf(words) ?? '');
  const given = runOf(process)?.args ?? (code < 0 ? [] : words.slice(code + 1));
  const head = (args ?? []).slice(0, (args ?? []).length - given.length);
  return pattern.test(given.join(' ')) && !pattern.test(head.join(' '));
};
