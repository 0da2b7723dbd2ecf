// Makes .release/sentinel.tar.gz: the built apps with their production dependencies, and what deploys them.
//   node tooling/release.mjs [--keep-apps]
// A server that receives it builds nothing of ours: deploy_to_contabo.sh --release .release/sentinel.tar.gz
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const archive = '.release/sentinel.tar.gz';
const run = (command, args) => {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status === 0) return;
  console.error(`${command} ended with ${status}: no release was made`);
  process.exit(1);
};

if (!process.argv.includes('--keep-apps')) run('node', ['tooling/deploy-apps.mjs', '.release/apps']);

const git = (...args) => {
  const { status, stdout, error } = spawnSync('git', ['-c', 'core.quotePath=false', 'ls-files', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status === 0) return stdout.split('\n').filter(Boolean);
  console.error(
    `git ended with ${error?.message ?? status}: it says what belongs to a release, so none was made`,
  );
  process.exit(1);
};
// What git tracks and the build makes, and nothing else. .gitignore names what is secret.
const parts = ['.dockerignore', '.env.example', 'docker', 'docs', 'scripts', 'tooling/deploy-apps.mjs'];
const secrets = git('-ci', '--exclude-from=.gitignore', '--', ...parts);
if (secrets.length > 0) {
  console.error(`These may hold secrets and are never released: git rm --cached them\n${secrets.join('\n')}`);
  process.exit(1);
}
const list = '.release/list';
writeFileSync(list, [...git('--', ...parts), '.release/apps'].map((name) => `./${name}\n`).join(''));
// An app's own folder is laid out from what lies in it, tracked or not. Of the modules in it nobody has a secret.
const secret = /^\.env|\.env$|^signals\.json$|\.(pem|key|p12|pfx|ppk)$|^id_(rsa|ecdsa|ed25519)/;
for (const entry of readdirSync('.release/apps', { recursive: true, withFileTypes: true }))
  if (!entry.parentPath.includes('node_modules') && secret.test(entry.name))
    rmSync(join(entry.parentPath, entry.name), { recursive: true });
run('tar', ['-czf', archive, '-T', list]);
console.log(`${archive}: ${(statSync(archive).size / 1e6).toFixed(1)} MB`);
