// Packs each package as it would be published, and lets publint and the parts of attw look at what a user would get.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack, publishedPackages } from './published.ts';
import { typeProblems } from './type-resolution.ts';

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
    // A command has no types.
    const problems = exports === undefined ? [] : await typeProblems(tarball);
    if (problems.length === 0) continue;
    failed = true;
    console.error(`the types of ${name}:\n${problems.join('\n')}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
