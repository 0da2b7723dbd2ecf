// Writes into each published package where it comes from: provenance is refused without it, and only the forge knows its own
// address.
//   node tooling/checks/src/set-repository.ts https://forge.example/owner/name
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { publishedPackages } from './published.ts';

const [, , address = ''] = process.argv;
if (!URL.canParse(address)) {
  console.error('usage: node tooling/checks/src/set-repository.ts ADDRESS');
  process.exit(2);
}
const root = resolve(import.meta.dirname, '../../..');
for (const { folder } of publishedPackages(root)) {
  const file = join(folder, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as object;
  const repository = { type: 'git', url: `git+${address}.git`, directory: relative(root, folder) };
  writeFileSync(file, `${JSON.stringify({ ...manifest, repository }, null, 2)}\n`);
}
