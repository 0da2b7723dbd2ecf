// Makes .release/sentinel.tar.gz: the built apps with their production dependencies, and what deploys them.
//   node tooling/release.mjs [--keep-apps]
// With --dry-run it makes nothing: it builds, and tries out each npm package as it would be published.
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

if (process.argv.includes('--dry-run')) {
  run('turbo', ['run', 'build', '--output-logs=errors-only']);
  run('node', ['tooling/checks/src/release-dry-run.ts']);
  process.exit(0);
}
if (!process.argv.includes('--keep-apps')) run('node', ['tooling/deploy-apps.mjs', '.release/apps']);

const git = (...args) => {
  const settings = ['-c', 'core.quotePath=false', '-c', 'core.ignoreCase=true'];
  const { status, stdout, error } = spawnSync('git', [...settings, ...args], {
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
const refuse = (found, words) => {
  if (found.length === 0) return;
  console.error(`${words}\n${found.join('\n')}`);
  process.exit(1);
};
refuse(
  git('ls-files', '-ci', '--exclude-from=.gitignore', '--', ...parts),
  'These may hold secrets and are never released: git rm --cached them',
);
// A link and a submodule lead to what git does not name here.
refuse(
  git('ls-files', '-s', '--', ...parts).filter((line) => !line.startsWith('100')),
  'Only plain files are released, and these are links or submodules: git rm --cached them',
);
// Also a file that became a folder or a link, and one in a folder that became a link.
refuse(
  git('diff-files', '--relative', '--name-only', '--diff-filter=DT', '--', ...parts),
  'git tracks what is not here as a plain file: restore it, or git rm it',
);
// An app's own folder is laid out from what lies in it, tracked or not. Of the modules in it nobody has a secret.
const secret =
  /^\.env|\.env(\.|$)|^signals\.json|^slack_webhook_url|\.pem(\.|$)|\.(key|p12|pfx|ppk)$|^id_(rsa|dsa|ecdsa|ed25519)|^\.(npmrc|pgpass|netrc|htpasswd)$/i;
const entriesOf = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true });
for (const entry of entriesOf('.release/apps'))
  if (!entry.parentPath.includes('node_modules') && secret.test(entry.name))
    rmSync(join(entry.parentPath, entry.name), { recursive: true });
// One by one: tar would look into a folder by itself.
const apps = entriesOf('.release/apps')
  .filter((entry) => !entry.isDirectory())
  .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'));
const list = '.release/list';
writeFileSync(list, [...git('ls-files', '--', ...parts), ...apps].map((name) => `./${name}\n`).join(''));
run('tar', ['-czf', archive, '--no-recursion', '-T', list]);
console.log(`${archive}: ${(statSync(archive).size / 1e6).toFixed(1)} MB`);
