// Packs each package as it would be published, and lets publint and attw look at what a user would get.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack, publishedPackages } from './published.ts';

const folder = mkdtempSync(join(tmpdir(), 'sentinel-pack-'));
let failed = false;

const attempt = <T>(what: string, work: () => T): T | undefined => {
  try {
    return work();
  } catch (error) {
    failed = true;
    const { message, stdout = '', stderr = '' } = error as Error & { stdout?: string; stderr?: string };
    console.error(`${what}:\n${stdout || stderr ? `${stdout}${stderr}` : message}`);
    return undefined;
  }
};
const look = (program: string, args: string[]) =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

try {
  for (const one of publishedPackages()) {
    const { name, exports } = one.manifest;
    const tarball = attempt(`pnpm pack of ${name}`, () => pack(one, folder));
    if (tarball === undefined) continue;
    attempt(`publint ${name}`, () => look('publint', ['run', tarball, '--strict']));
    // The libraries are ES modules alone: every Node that they run on can also require() those. A command has no types.
    if (exports !== undefined)
      attempt(`attw ${name}`, () => look('attw', [tarball, '--profile', 'esm-only', '--no-color']));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
