// `pnpm release --dry-run`: packs each package as it would be published, installs it in an empty folder with npm, and imports
// or runs what it has. What it needs from others comes from the registry; what it needs from us is what was packed.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { notAsked } from './audit.ts';
import { type Published, pack, publishedPackages } from './published.ts';

const home = mkdtempSync(join(tmpdir(), 'sentinel-release-'));
const packages = publishedPackages();
const byName = new Map(packages.map((each) => [each.manifest.name, each]));

const run = (program: string, args: readonly string[], cwd: string): string =>
  execFileSync(program, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) },
  });

/** One, and all of ours that it needs. */
const withNeeds = (one: Published, found = new Set<string>()): Set<string> => {
  found.add(one.manifest.name);
  for (const name of Object.keys(one.manifest.dependencies ?? {})) {
    const needed = byName.get(name);
    if (needed !== undefined && !found.has(name)) withNeeds(needed, found);
  }
  return found;
};

/** What nobody should get: sources and tests, and links that only the workspace understands. */
const faultsOf = (tarball: string): string[] => {
  const files = run('tar', ['-tzf', tarball], home).trim().split('\n');
  const manifest = run('tar', ['-xzOf', tarball, 'package/package.json'], home);
  return [
    ...files
      .filter((file) => /\.test\.|\/src\/|\/test\/|\.tsbuildinfo$/.test(file))
      .map((file) => `has ${file}`),
    ...['README.md', 'LICENSE', 'package.json']
      .filter((file) => !files.includes(`package/${file}`))
      .map((file) => `has no ${file}`),
    ...['workspace:', 'catalog:', '@sentinel/source', '@sentinel/app-']
      .filter((text) => manifest.includes(text))
      .map((text) => `package.json has ${text}`),
  ];
};

const tryOut = ({ manifest: { name, exports = {}, bin = {} } }: Published, folder: string): string[] => {
  const entries = Object.keys(exports).filter((entry) => entry !== './package.json');
  for (const entry of entries) {
    const wanted = JSON.stringify(entry.replace(/^\./, name));
    const line = `const all = await import(${wanted}); if (Object.keys(all).length === 0) throw new Error('exports nothing')`;
    run(process.execPath, ['--input-type=module', '--eval', line], folder);
  }
  const programs = Object.keys(bin);
  for (const program of programs)
    for (const flag of ['--version', '--help'])
      if (run(join(folder, 'node_modules/.bin', program), [flag], folder).trim() === '')
        throw new Error(`${program} ${flag} printed nothing`);
  return [...entries.map((entry) => entry.replace(/^\./, 'import ')), ...programs].map((each) => each.trim());
};

const check = (one: Published, tarballs: ReadonlyMap<string, string>): string => {
  const tarball = tarballs.get(one.manifest.name) ?? '';
  const faults = faultsOf(tarball);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  const folder = mkdtempSync(join(home, 'install-'));
  const given = [...withNeeds(one)].map((name) => tarballs.get(name) ?? '');
  run(
    'npm',
    ['install', '--no-audit', '--no-fund', '--prefer-offline', '--prefix', folder, ...given],
    folder,
  );
  const { version } = JSON.parse(
    readFileSync(join(folder, 'node_modules', one.manifest.name, 'package.json'), 'utf8'),
  ) as { version: string };
  return `${version}  ${tryOut(one, folder).join(', ')}`;
};

let failed = 0;
let unreachable = 0;
/** What npm says where the registry does not answer: then nothing is known of the package. */
const noAnswer = /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH)\b/;
try {
  const target = join(home, 'tarballs');
  mkdirSync(target);
  const tarballs = new Map(packages.map((one) => [one.manifest.name, pack(one, target)]));
  for (const one of packages)
    try {
      console.log(`ok      ${one.manifest.name.padEnd(26)} ${check(one, tarballs)}`);
    } catch (error) {
      const { message, stdout = '', stderr = '' } = error as Error & { stdout?: string; stderr?: string };
      if (noAnswer.test(stderr)) {
        unreachable += 1;
        continue;
      }
      failed += 1;
      console.log(`FAILED  ${one.manifest.name}\n${message}\n${stdout}${stderr}`);
    }
  const good = packages.length - failed - unreachable;
  console.log(`\n${good} packages can be published, ${failed} cannot. Nothing was published.`);
  if (unreachable > 0) console.log(`not asked: the registry did not answer for ${unreachable} packages`);
} finally {
  rmSync(home, { recursive: true, force: true });
}
process.exitCode = failed > 0 ? 1 : unreachable > 0 ? notAsked : 0;
