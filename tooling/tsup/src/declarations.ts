import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, resolve } from 'node:path';

const { resolve: find } = createRequire(import.meta.url);
const tsc = join(find('typescript/package.json'), '../bin/tsc');

/** Files of the package that a declaration names: `'./x.ts'`, which is a source. It is not shipped, and `./x.js` stands for `x.d.ts`. */
const named = /(?<=(['"])(\.{1,2}\/[^'"\n]*))\.ts(?=\1)/g;

/** Gives the names that hold where it is built, and removes what no entry leads to: nobody could import it. */
const tidy = (folder: string, entries: readonly string[]): void => {
  const reached = new Set(entries);
  for (const file of reached) {
    const text = readFileSync(file, 'utf8');
    for (const [, , path = ''] of text.matchAll(named)) reached.add(join(file, '..', `${path}.d.ts`));
    // A tab is as well read as four spaces, and there are thousands.
    writeFileSync(
      file,
      text.replaceAll(named, '.js').replace(/^( {4})+/gm, (all) => '\t'.repeat(all.length / 4)),
    );
  }
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('.d.ts') && !reached.has(join(folder, name))) rmSync(join(folder, name));
};

/**
 * Writes into `dist/` of the package in the working folder what its sources declare, a file for each. They are not
 * checked: the test command has one program for all of them. tsup's own way takes a compiler in JavaScript, which was
 * two thirds of the time of a build.
 */
export const writeDeclarations = (entries: readonly string[]): void => {
  const [sources, built] = [resolve('src'), resolve('dist')];
  const files = entries.map((entry) => resolve(entry));
  const options = {
    ...{ noEmit: false, declaration: true, emitDeclarationOnly: true, noCheck: true },
    // What other packages declare is built already, and shorter than their sources.
    customConditions: [],
    ...{ rootDir: sources, outDir: built },
  };
  const config = join(built, 'tsconfig.json');
  const base = find('@sentinel/tooling-tsconfig/base.json');
  writeFileSync(config, JSON.stringify({ extends: base, compilerOptions: options, files }));
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', config], { encoding: 'utf8' });
  rmSync(config);
  if (status !== 0) throw new Error(`tsc: ${stdout}`);
  const declarations = files.map((file) => join(built, relative(sources, file).replace(/\.ts$/, '.d.ts')));
  tidy(built, declarations);
};
