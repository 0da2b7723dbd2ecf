// Packs each library as it would be published, and lets publint and attw look at what a user would get.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'sentinel-pack-'));
const pnpm = process.env.npm_execpath ?? 'pnpm';
let failed = false;

const attempt = (what: string, program: string, args: string[]) => {
  try {
    execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    failed = true;
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    console.error(`${what}:\n${stdout}${stderr}`);
  }
};

try {
  for (const name of readdirSync('packages')) {
    if (JSON.parse(readFileSync(join('packages', name, 'package.json'), 'utf8')).private === true) continue;
    const target = join(folder, name);
    attempt(`pnpm pack of ${name}`, pnpm, [
      '-C',
      resolve('packages', name),
      'pack',
      '--pack-destination',
      target,
    ]);
    const tarball = join(target, readdirSync(target)[0] ?? 'nothing-was-packed');
    attempt(`publint ${name}`, 'publint', ['run', tarball, '--strict']);
    // The libraries are ES modules alone: every Node that they run on can also require() those.
    attempt(`attw ${name}`, 'attw', [tarball, '--profile', 'esm-only', '--no-color']);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
