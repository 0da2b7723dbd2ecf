import { createRequire, isBuiltin } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

const namespace = 'late-commonjs';
const isName = (name: string) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && name !== 'default';

/**
 * `await import('a CommonJS library')` gives in a bundle the names that Node gives. esbuild alone gives a chunk of its
 * own nothing but `default`: what the code takes from it is undefined, only where the program is built and never where
 * it runs from its sources.
 */
export const lateCommonJs: Plugin = {
  name: namespace,
  setup: (build) => {
    build.onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir }) => {
      if (kind !== 'dynamic-import' || isBuiltin(path)) return undefined;
      const {
        path: file,
        external,
        errors,
      } = await build.resolve(path, { kind: 'import-statement', resolveDir });
      if (external || errors.length > 0) return undefined;
      const names = await namesOf(file);
      return names === null ? undefined : { path: file, namespace, pluginData: names };
    });
    build.onLoad({ filter: /./, namespace }, ({ path, pluginData }) => ({
      contents: `const all = require(${JSON.stringify(path)});
export const { ${(pluginData as string[]).join(', ')} } = all;
export default all;`,
      resolveDir: '/',
    }));
  },
};

/** The names that Node finds in a CommonJS library; `null`: the file is none. */
const namesOf = async (file: string): Promise<string[] | null> => {
  const found = await import(pathToFileURL(file).href);
  // Of an ES module `require` gives the namespace itself.
  if (createRequire(file)(file) !== found.default) return null;
  return Object.keys(found).filter(isName);
};
