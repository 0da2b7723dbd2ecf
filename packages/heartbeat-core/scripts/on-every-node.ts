// Installs the package as it would be published beside each Node that it promises to run on, and uses all of it there:
// node scripts/on-every-node.ts [version ...]
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const versions = process.argv.length > 2 ? process.argv.slice(2) : ['22.13.0', '24', '26'];
const home = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'sentinel-nodes-'));
const run = (program: string, args: readonly string[], cwd: string) =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

try {
  run('npx', ['-y', 'pnpm@12', 'pack', '--pack-destination', folder], home);
  const packed = join(folder, readdirSync(folder)[0] ?? 'nothing-was-packed');
  for (const version of versions) {
    const place = join(folder, version);
    mkdirSync(place);
    writeFileSync(join(place, 'package.json'), '{ "private": true, "allowScripts": { "node": true } }');
    copyFileSync(join(import.meta.dirname, 'smoke.cjs'), join(place, 'smoke.cjs'));
    // Its install script puts the binary of this platform in place.
    run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', `node@${version}`, packed], place);
    const node = join(place, 'node_modules/.bin/node');
    run(node, ['smoke.cjs'], place);
    process.stdout.write(`Node ${run(node, ['--version'], place).trim()}: all of it works\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
