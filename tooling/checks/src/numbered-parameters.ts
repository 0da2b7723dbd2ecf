import type { SourceFile, Violation } from './dependency-rules.ts';

/**
 * Every numbered parameter of a statement (`?1`): the SQLite of Node 22 takes it for a name and binds nothing to it, so
 * that the statement fails there and works on the Node that the tests run on.
 */
export const findNumberedParameters = (files: readonly SourceFile[]): Violation[] =>
  files.flatMap(({ path, text }) =>
    [...text.matchAll(/[\s(=,<>]\?\d+(?=[\s),`'"]|$)/g)].map(({ index }) => ({
      path: `${path}:${text.slice(0, index + 1).split('\n').length}`,
      message: 'has a numbered parameter, which Node 22 does not bind: write `?`, and give the value again',
    })),
  );
