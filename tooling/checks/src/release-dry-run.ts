// `pnpm release --dry-run`: installs each package with npm as it would be published, outside of this workspace, and imports or
// runs what it has. What it needs from others comes from the registry; what it needs from us is what was packed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { notAsked } from './audit.ts';
import { type Published, publishedPackages, tarballOf } from './published.ts';

const home = mkdtempSync(join(tmpdir(), 'sentinel-release-'));
const packages = publishedPackages();

const run = (program: string, args: readonly string[], cwd: string): string =>
  execFileSync(program, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: [dirname(process.execPath), process.env.PATH].join(delimiter) },
  });

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

const tryOut = ({ manifest: { name, exports = {}, bin = {} } }: Published): string[] => {
  const entries = Object.keys(exports).filter((entry) => entry !== './package.json');
  for (const entry of entries) {
    const wanted = JSON.stringify(entry.replace(/^\./, name));
    const line = `const all = await import(${wanted}); if (Object.keys(all).length === 0) throw new Error('exports nothing')`;
    run(process.execPath, ['--input-type=module', '--eval', line], home);
  }
  const programs = Object.keys(bin);
  for (const program of programs)
    for (const flag of ['--version', '--help'])
      if (run(join(home, 'node_modules/.bin', program), [flag], home).trim() === '')
        throw new Error(`${program} ${flag} printed nothing`);
  return [...entries.map((entry) => entry.replace(/^\./, 'import ')), ...programs].map((each) => each.trim());
};

const check = (one: Published): string => {
  const faults = faultsOf(tarballOf(one));
  if (faults.length > 0) throw new Error(faults.join('\n'));
  const manifest = readFileSync(join(home, 'node_modules', one.manifest.name, 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  return `${version}  ${tryOut(one).join(', ')}`;
};

/** Each sees only what it names itself, as if it were alone in its folder: npm links them, and copies what they share once. */
const install = () => {
  const options = ['--no-audit', '--no-fund', '--prefer-offline', '--install-strategy=linked'];
  run('npm', ['install', ...options, '--prefix', home, ...packages.map(tarballOf)], home);
};

const textOf = (error: unknown): string => {
  const { message, stdout = '', stderr = '' } = error as Error & { stdout?: string; stderr?: string };
  return `${message}\n${stdout}${stderr}`;
};

/** What npm says where the registry does not answer: then nothing is known of the packages. */
const noAnswer = /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH)\b/;

const tryAll = (): number => {
  try {
    install();
  } catch (error) {
    const text = textOf(error);
    if (!noAnswer.test(text)) throw error;
    console.log(`not asked: the registry did not answer for ${packages.length} packages`);
    return notAsked;
  }
  let failed = 0;
  for (const one of packages)
    try {
      console.log(`ok      ${one.manifest.name.padEnd(26)} ${check(one)}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${one.manifest.name}\n${textOf(error)}`);
    }
  console.log(
    `\n${packages.length - failed} packages can be published, ${failed} cannot. Nothing was published.`,
  );
  return failed > 0 ? 1 : 0;
};

try {
  process.exitCode = tryAll();
} finally {
  rmSync(home, { recursive: true, force: true });
}
