// `pnpm bench [name]`: runs every *.bench.ts of this folder, or those whose name has the given word, one after the other.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const wanted = process.argv[2] ?? '';
const benches = readdirSync(import.meta.dirname).filter(
  (name) => name.endsWith('.bench.ts') && name.includes(wanted),
);
if (benches.length === 0) {
  console.error(`There is no benchmark whose name has "${wanted}"`);
  process.exitCode = 64;
}
for (const name of benches) {
  console.log(`\n${name}`);
  const file = join(import.meta.dirname, name);
  const { status } = spawnSync(process.execPath, ['--conditions=@sentinel/source', file], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
