import { posix } from 'node:path';
import { interpreterOf, runBy } from './command-shape.ts';
import type { Process } from './process.ts';

/** What an interpreter runs: a file, or a module. */
export type Entry = { readonly script: string } | { readonly module: string };

/** The files that it may begin with: `-m bot` is `bot.py`, or `bot/__main__.py`. */
export const entriesOf = (run: Entry, family: string, folder: string): readonly string[] => {
  if ('script' in run) {
    const path = posix.resolve(folder, run.script);
    return family === 'python' ? [path, posix.join(path, '__main__.py')] : [path];
  }
  const path = posix.resolve(folder, family === 'python' ? run.module.replaceAll('.', '/') : run.module);
  return family === 'python' ? [`${path}.py`, posix.join(path, '__main__.py')] : [path];
};

/** The interpreter that a process is: its first word may say anything, the file that it runs does not. */
export const familyOfProcess = ({ args, exe }: Process): string | null =>
  interpreterOf(args?.[0] ?? '') ?? (exe === null ? null : interpreterOf(exe));

export const runOf = (process: Process) => {
  const family = familyOfProcess(process);
  return family === null ? null : runBy(family, (process.args ?? []).slice(1));
};
