import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/** What is imported late from a file that is built apart, by what the sources call it. */
export const builtApart = (files: Readonly<Record<string, string>>): Plugin => ({
  name: 'built-apart',
  setup: (build) => {
    build.onResolve({ filter: /./ }, ({ path, kind }) => {
      const file = kind === 'dynamic-import' ? files[path] : undefined;
      return file === undefined ? undefined : { path: file, external: true };
    });
  },
});
