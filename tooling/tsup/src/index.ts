import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';
import { writeDeclarations } from './declarations.ts';
import { lateCommonJs } from './late-commonjs.ts';
import { plainBuiltins } from './plain-builtins.ts';

// tsup is in maintenance only: every package and app reaches it through these two functions,
// so that another bundler needs a change in this file alone.

const shared = {
  entry: { index: 'src/index.ts' },
  target: 'node22.13',
  platform: 'node',
  sourcemap: true,
  clean: true,
  silent: true,
  // `node:sqlite` exists only with its prefix.
  removeNodeProtocol: false,
  // Shorter, and still read by people: names and line breaks stay.
  esbuildOptions: (options: { minifySyntax?: boolean }) => {
    options.minifySyntax = true;
  },
} as const;

/**
 * One sentence for a Node that is older than the program's `engines`. It runs before
 * anything else where the entry imports nothing but late. What checks a bot ends with 3: nothing is known of it. For the
 * other programs 1 says that they could not start.
 */
const refusesOldNode = (): string => {
  const { engines, bin } = JSON.parse(readFileSync('package.json', 'utf8'));
  const [, major, minor] = /^>=(\d+)\.(\d+)$/.exec(engines.node) ?? [];
  if (minor === undefined) throw new Error(`engines.node is not >=MAJOR.MINOR: ${engines.node}`);
  const [name = ''] = Object.keys(bin);
  const line = `${name}: needs Node ${major}.${minor} or later, and this is `;
  return `{
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < ${major} || (major === ${major} && minor < ${minor})) {
    console.error('${line}' + process.version + '. Install a newer one. ./sentinel of the repository brings its own.');
    process.exit(${name === 'sentinel' || name === 'sentinel-monitor' ? 3 : 1});
  }
}`;
};

/**
 * Node 22 warns on standard error that its SQLite is an experiment. A program that is tested on it has nothing to say with
 * that, and a line on standard error worries who reads the output of a cron job. Every other warning is shown.
 */
const hidesSqliteWarning = `if (process.emitWarning.name !== 'withoutSqlite') {
  const { emitWarning } = process;
  process.emitWarning = function withoutSqlite(warning, ...more) {
    if (more[0] === 'ExperimentalWarning' && String(warning).startsWith('SQLite ')) return;
    emitWarning.call(process, warning, ...more);
  };
}`;

/** What a program does first, before anything is imported. */
const firstLines = (): string => `${refusesOldNode()}\n${hidesSqliteWarning}`;

type Overrides = { readonly entry?: Record<string, string> };

/** A library: ES modules and their types. */
export const library = ({ entry = shared.entry }: Overrides = {}) =>
  defineConfig({
    ...shared,
    entry,
    format: ['esm'],
    onSuccess: async () => writeDeclarations(Object.values(entry)),
  });

/** An app: one ES module that Node runs, no types. */
export const app = (overrides: Overrides = {}) =>
  defineConfig({ ...shared, format: ['esm'], banner: { js: firstLines() }, ...overrides });

/**
 * A command: one ES module with everything in it, so that it starts in a fraction of the time and of the memory. What
 * is imported late stays apart. Its dependencies are devDependencies: nothing of them is needed at run time.
 */
export const bundledApp = () =>
  defineConfig({
    ...shared,
    format: ['esm'],
    noExternal: [/.*/],
    splitting: true,
    esbuildPlugins: [lateCommonJs, plainBuiltins],
    // CommonJS libraries ask for Node's modules by `require`.
    banner: {
      js: `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);
${firstLines()}`,
    },
  });
