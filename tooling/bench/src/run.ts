// `pnpm bench [name]`: runs every *.bench.ts of this folder, or those whose name has the given word, one after the other.
// They run the programs and packages as they are built.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { shippedApps } from '@sentinel/tooling-shipped';
import { sayMachine } from './machine.ts';

const wanted = process.argv[2] ?? '';
const benches = readdirSync(import.meta.dirname).filter(
  (name) => name.endsWith('.bench.ts') && name.includes(wanted),
);
if (benches.length === 0) {
  console.error(`There is no benchmark whose name has "${wanted}"`);
  process.exitCode = 64;
}
// Builds and lays out what has changed; the benchmarks inherit where it is.
if (benches.length > 0) shippedApps();
for (const name of benches) {
  sayMachine();
  console.log(`\n${name}`);
  const file = join(import.meta.dirname, name);
  const { status } = spawnSync(process.execPath, [file], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
