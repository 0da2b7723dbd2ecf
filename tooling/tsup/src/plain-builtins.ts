import { isBuiltin } from 'node:module';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

const namespace = 'plain-builtins';

/**
 * Takes Node's own modules as they are. An `import` makes Node read every name of the module, also those that it would
 * load at their first use: `node:fs` alone loads the streams, which costs a tenth of an empty Node.
 */
export const plainBuiltins: Plugin = {
  name: namespace,
  setup: (build) => {
    build.onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === 'import-statement' && isBuiltin(path) ? { path, namespace, sideEffects: false } : undefined,
    );
    build.onLoad({ filter: /./, namespace }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== 'default');
      return {
        contents: `const all = process.getBuiltinModule(${JSON.stringify(path)});
export default all;
${names.map((name) => `export const ${name} = /* @__PURE__ */ (() => all.${name})();`).join('\n')}`,
      };
    });
  },
};
