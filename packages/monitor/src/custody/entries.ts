import { posix } from 'node:path';

/** What an interpreter runs: a file, or a module. */
export type Run = { readonly script: string } | { readonly module: string };

/** The files that it may begin with: `-m bot` is `bot.py`, or `bot/__main__.py`. */
export const entriesOf = (run: Run, family: string, folder: string): readonly string[] => {
  if ('script' in run) {
    const path = posix.resolve(folder, run.script);
    return family === 'python' ? [path, posix.join(path, '__main__.py')] : [path];
  }
  const path = posix.resolve(folder, family === 'python' ? run.module.replaceAll('.', '/') : run.module);
  return family === 'python' ? [`${path}.py`, posix.join(path, '__main__.py')] : [path];
};
