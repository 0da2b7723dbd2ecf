import type { SourceFile, Violation } from './dependency-rules.ts';

/**
 * Every folder that is made by Node's own `mkdir` with `recursive`: below /proc that never comes back, past SIGTERM.
 * `makeFolder` of the core does.
 */
export const findRecursiveFolders = (files: readonly SourceFile[]): Violation[] =>
  files.flatMap(({ path, text }) =>
    [...text.matchAll(/\bmkdir(?:Sync)?\([^;]*?\brecursive: true/g)].map(({ index }) => ({
      path: `${path}:${text.slice(0, index).split('\n').length}`,
      message:
        'makes a folder by a call that may never come back: use `makeFolder` of @sentinel/heartbeat-core',
    })),
  );
