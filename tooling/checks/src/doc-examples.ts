// Compiles the @example of every exported thing and the programs of each README, as a user of the package would: an example
// that does not compile is a promise that is not kept. A package that others can install has a README with one.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { coreSurroundings, examplesIn, importAll, programOf, readmePrograms } from './examples.ts';

const folders: string[] = [];
const files: string[] = [];
const silent: string[] = [];
let count = 0;

for (const name of readdirSync('packages')) {
  const sources = join('packages', name, 'src');
  if (!existsSync(sources)) continue;
  const examples = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => examplesIn(join(sources, file), readFileSync(join(sources, file), 'utf8')));
  count += examples.length;
  // Inside the package, so that its own name leads to its own sources.
  const folder = join('packages', name, '.cache');
  folders.push(folder);
  mkdirSync(folder, { recursive: true });
  const usesCore =
    name === 'heartbeat-core' ||
    readFileSync(join('packages', name, 'package.json'), 'utf8').includes('"@sentinel/heartbeat-core"');
  const imports = [...new Set([...(usesCore ? ['heartbeat-core'] : []), name])].map((each) =>
    importAll(`@sentinel/${each}`, readFileSync(join('packages', each, 'src/index.ts'), 'utf8')),
  );
  if (usesCore) imports.push(coreSurroundings);
  const readme = join('packages', name, 'README.md');
  const programs = readmePrograms(existsSync(readme) ? readFileSync(readme, 'utf8') : '');
  if (programs.length === 0) silent.push(readme);
  for (const [index, program] of [programOf(imports, examples), ...programs].entries()) {
    const file = join(folder, `examples-${index}.ts`);
    writeFileSync(file, program);
    files.push(join('..', file));
  }
}

// One program for all of them: they share most of their sources.
const config = join('.cache', 'examples.json');
mkdirSync('.cache', { recursive: true });
writeFileSync(
  config,
  JSON.stringify({
    extends: '@sentinel/tooling-tsconfig/base.json',
    files,
  }),
);
const { status, error } = spawnSync('tsc', ['-p', config, '--checkers', '1'], { stdio: 'inherit' });
for (const folder of folders) rmSync(folder, { recursive: true, force: true });
if (error !== undefined) throw error;
if (count === 0) console.error('no example was found: run it from the root of the repository');
for (const readme of silent)
  console.error(`${readme}: it is missing, or has no program in TypeScript that begins with an import`);
process.exitCode = status !== 0 || count === 0 || silent.length > 0 ? 1 : 0;
