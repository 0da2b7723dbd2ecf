// Makes .release/sentinel.tar.gz: the built apps with their production dependencies, and what deploys them.
//   node tooling/release.mjs [--keep-apps]
// A server that receives it builds nothing of ours: deploy_to_contabo.sh --release .release/sentinel.tar.gz
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';

const archive = '.release/sentinel.tar.gz';
const run = (command, args) => {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status === 0) return;
  console.error(`${command} ended with ${status}: no release was made`);
  process.exit(1);
};

if (!process.argv.includes('--keep-apps')) run('node', ['tooling/deploy-apps.mjs', '.release/apps']);
const what = [
  '.release/apps',
  '.dockerignore',
  '.env.example',
  'docker',
  'docs',
  'scripts',
  'tooling/deploy-apps.mjs',
];
run('tar', ['-czf', archive, ...what]);
console.log(`${archive}: ${(statSync(archive).size / 1e6).toFixed(1)} MB`);
