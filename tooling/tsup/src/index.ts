import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { defineConfig, type Options } from 'tsup';
import { builtApart } from './built-apart.ts';
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
    onSuccess: async () => {
      withoutMarks();
      writeDeclarations(Object.values(entry));
    },
  });

/** The bundler names each source in a line of its own. What is installed says nothing with that; the number of lines stays. */
const withoutMarks = (): void => {
  for (const name of readdirSync('dist').filter((each) => each.endsWith('.js'))) {
    const path = `dist/${name}`;
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^\/\/ src\/.*$/gm, ''));
  }
};

/** An app: one ES module that Node runs, no types. */
export const app = (overrides: Overrides = {}) =>
  defineConfig({ ...shared, format: ['esm'], banner: { js: firstLines() }, ...overrides });

/**
 * A command is one ES module with everything in it, so that it starts in a fraction of the time and of the memory. What
 * is imported late stays apart. Its dependencies are devDependencies: nothing of them is needed at run time.
 */
const bundled = () =>
  ({
    ...shared,
    format: ['esm' as const],
    noExternal: [/.*/],
    splitting: true,
    // CommonJS libraries ask for Node's modules by `require`. An `import` of what makes it would cost a tenth of a look.
    banner: {
      js: `${firstLines()}
const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);`,
    },
  }) satisfies Options;

/** A command in one piece. */
export const bundledApp = () => defineConfig({ ...bundled(), esbuildPlugins: [lateCommonJs, plainBuiltins] });

type Part = {
  /** Its name, and that of its file in `src/`: it is always imported late. */
  readonly name: string;
  /** What it imports late itself, by what it calls that: the sources, which get a file of their own beside it. */
  readonly late: Readonly<Record<string, string>>;
  /** A library that it and the rest of the command import late, and a file of `src/` that exports all of it. */
  readonly library: string;
};

/**
 * A command of which one part is asked for so often that it is built by itself, into `dist/NAME/index.js`. The files of a
 * bundle share chunks, and each chunk brings what any of them needs: reading them takes longer than what the part does.
 * It is made of the sources, and has what it uses in one file.
 */
export const bundledAppWith = ({ name, late, library }: Part) => {
  const imports = { [`./${name}.ts`]: `./${name}/index.js` };
  const ofPart = Object.keys(late).map((path) => [path, path.replace(/\.ts$/, '.js')] as const);
  const entries = Object.entries(late).map(([path, file]) => [basename(path, '.ts'), file] as const);
  return [
    defineConfig({
      ...bundled(),
      entry: { ...shared.entry, [library]: `src/${library}.ts` },
      clean: [`!${name}/**`],
      esbuildPlugins: [builtApart(imports), lateCommonJs, plainBuiltins],
    }),
    defineConfig({
      ...bundled(),
      entry: { index: `src/${name}.ts`, ...Object.fromEntries(entries) },
      outDir: `dist/${name}`,
      splitting: false,
      // The command itself has refused an old Node by then.
      banner: {},
      esbuildOptions: (options) => {
        shared.esbuildOptions(options);
        options.conditions = ['@sentinel/source'];
      },
      esbuildPlugins: [
        builtApart({ ...Object.fromEntries(ofPart), [library]: `../${library}.js` }),
        plainBuiltins,
      ],
    }),
  ];
};
