// Compiles the @example of every exported thing, as a user of the package would: an example that does not compile is
// a promise that is not kept.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { coreSurroundings, examplesIn, importAll, programOf } from './examples.ts';

const folders: string[] = [];
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
  writeFileSync(join(folder, 'examples.ts'), programOf(imports, examples));
}

// One program for all of them: they share most of their sources.
const config = join('.cache', 'examples.json');
mkdirSync('.cache', { recursive: true });
writeFileSync(
  config,
  JSON.stringify({
    extends: '@sentinel/tooling-tsconfig/base.json',
    files: folders.map((folder) => join('..', folder, 'examples.ts')),
  }),
);
const { status, stdout } = spawnSync('tsc', ['-p', config], { encoding: 'utf8' });
for (const folder of folders) rmSync(folder, { recursive: true, force: true });
if (status !== 0) console.error(stdout);
if (count === 0) console.error('no example was found: run it from the root of the repository');
process.exitCode = status !== 0 || count === 0 ? 1 : 0;
