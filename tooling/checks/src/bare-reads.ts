import type { SourceFile, Violation } from './dependency-rules.ts';

/** It waits for nobody, and everything else reads by it. */
const reader = 'packages/heartbeat-core/src/shell/plain-file.ts';
/** What the system makes up under /proc, and what a program brings along. */
const harmless = /^\s*(?:[`'"]\/proc\/|new URL\('\.\.\/[\w./-]+', import\.meta\.url\))/;

/**
 * Every read of a whole file by its path: a pipe in its place would be waited for, for ever, past SIGTERM. `readPlainFile` of
 * the core never waits.
 */
export const findBareReads = (files: readonly SourceFile[]): Violation[] =>
  files
    .filter(({ path }) => path.replaceAll('\\', '/') !== reader)
    .flatMap(({ path, text }) =>
      [...text.matchAll(/\breadFile(?:Sync)?\(/g)]
        .filter(({ index, 0: call }) => !harmless.test(text.slice(index + call.length)))
        .map(({ index }) => ({
          path: `${path}:${text.slice(0, index).split('\n').length}`,
          message:
            'reads a file that may be a pipe, and would wait for it: use `readPlainFile` of @sentinel/heartbeat-core',
        })),
    );
