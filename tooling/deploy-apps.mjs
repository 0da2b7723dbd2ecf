// Builds the apps and lays each into FOLDER with its production dependencies and nothing else.
//   node tooling/deploy-apps.mjs FOLDER
// Plain JavaScript: it also runs inside the image's build, before anything of ours is built.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { basename, delimiter, dirname, join, resolve } from 'node:path';

const [, , target] = process.argv;
// An option is no folder: `--help` would be made, and emptied.
if (!target || target.startsWith('-')) {
  console.error('usage: node tooling/deploy-apps.mjs FOLDER');
  process.exit(2);
}
const folder = resolve(target);
// The pnpm that started this, where one did: npx takes two seconds to find the same.
const started = process.env.npm_execpath ?? '';
const own = /^pnpm/.test(basename(started)) && !/\.[cm]?js$/.test(started) ? started : undefined;
const env = {
  ...process.env,
  TURBO_TELEMETRY_DISABLED: '1',
  // Links to what is built here would change under those who run it, at the next build.
  pnpm_config_package_import_method: 'copy',
  // turbo asks for pnpm on the path, which npx gives it.
  ...(own === undefined ? {} : { PATH: `${dirname(own)}${delimiter}${process.env.PATH}` }),
};

const run = (command, args) => {
  const { status } = spawnSync(command, args, { stdio: 'inherit', env });
  if (status !== 0) {
    console.error(`${command} ${args.join(' ')} ended with ${status}: nothing was laid out in ${folder}`);
    process.exit(1);
  }
};
const pnpm = (...args) => (own === undefined ? run('npx', ['-y', 'pnpm@12.21.0', ...args]) : run(own, args));

const apps = ['bot', 'monitor', 'api'];
const filter = (app) => `--filter=@sentinel/app-${app}`;
pnpm('exec', 'turbo', 'run', 'build', ...[...apps, 'dashboard'].map(filter), '--filter=@sentinel/sentinel');
rmSync(folder, { recursive: true, force: true });
// The lockfile is the one that the installation of this workspace has verified, and its packages are in the store.
const asInstalled = ['--legacy', '--prod', '--trust-lockfile', '--prefer-offline'];
for (const app of apps) pnpm(filter(app), 'deploy', ...asInstalled, join(folder, app));
// The one command has its programs in itself, and needs no package.
for (const part of ['dist', 'data', 'package.json'])
  cpSync(join('apps/sentinel', part), join(folder, 'sentinel', part), {
    recursive: true,
    filter: (file) => !file.endsWith('.map'),
  });
if (existsSync('apps/dashboard/dist'))
  cpSync('apps/dashboard/dist', join(folder, 'dashboard/dist'), { recursive: true });
