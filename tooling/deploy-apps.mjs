// Builds the apps and lays each into FOLDER with its production dependencies and nothing else.
//   node tooling/deploy-apps.mjs FOLDER
// Plain JavaScript: it also runs inside the image's build, before anything of ours is built.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const [, , target] = process.argv;
if (!target) {
  console.error('usage: node tooling/deploy-apps.mjs FOLDER');
  process.exit(2);
}
const folder = resolve(target);
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1' };
// turbo asks for pnpm on the path, which npx gives it.
const pnpm = (...args) => run('npx', ['-y', 'pnpm@12', ...args]);

const run = (command, args) => {
  const { status } = spawnSync(command, args, { stdio: 'inherit', env });
  if (status !== 0) {
    console.error(`${command} ${args.join(' ')} ended with ${status}: nothing was laid out in ${folder}`);
    process.exit(1);
  }
};

const apps = ['bot', 'monitor', 'api'];
const filter = (app) => `--filter=@sentinel/app-${app}`;
pnpm('exec', 'turbo', 'run', 'build', ...[...apps, 'dashboard'].map(filter));
rmSync(folder, { recursive: true, force: true });
for (const app of apps) {
  pnpm(filter(app), 'deploy', '--legacy', '--prod', join(folder, app));
  // What only its development needs.
  for (const name of ['src', 'test', 'tsconfig.json', 'tsup.config.ts', 'vitest.config.ts'])
    rmSync(join(folder, app, name), { recursive: true, force: true });
}
if (existsSync('apps/dashboard/dist'))
  cpSync('apps/dashboard/dist', join(folder, 'dashboard/dist'), { recursive: true });
