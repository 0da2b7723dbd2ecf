import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, relative } from 'node:path';
import { node, pnpm, root, run } from './pnpm.ts';

const keptMs = 6 * 3_600_000;
const home = join(tmpdir(), `sentinel-shipped-${userInfo().username}`);

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

/** What a layout is made of: it is the same one as long as none of these has changed. */
const ingredients = (): string[] => {
  const workspaces = ['packages', 'apps'].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(root, group, name)),
  );
  return [
    ...workspaces.flatMap((folder) => [
      ...['package.json', 'README.md'].map((name) => join(folder, name)).filter(isThere),
      ...['dist', 'data', 'schema']
        .map((name) => join(folder, name))
        .filter(isThere)
        .flatMap(filesIn),
    ]),
    ...['pnpm-lock.yaml', 'tooling/deploy-apps.mjs'].map((name) => join(root, name)),
    ...filesIn(import.meta.dirname),
  ].toSorted();
};

const key = (): string => {
  const hash = createHash('sha256').update(process.version);
  for (const file of ingredients()) hash.update(`\0${relative(root, file)}\0`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
};

/** Makes a folder that is this user's own. Anybody may lay one of its name among the temporary files, and what is in it is run. */
export const makeOwn = (folder: string): void => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stats = lstatSync(folder);
  const { uid } = userInfo();
  // There are no owners on Windows, and each user has temporary files of their own.
  const isOwn = uid === -1 || (stats.uid === uid && (stats.mode & 0o022) === 0);
  if (!stats.isDirectory() || !isOwn) throw new Error(`${folder} may be written by others: remove it`);
};

/** Removes what no test has asked for in hours, and what a run that was killed left half done. */
const removeOld = (): void => {
  for (const name of readdirSync(home)) {
    const folder = join(home, name);
    const usedAt = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - usedAt > keptMs) rmSync(folder, { recursive: true, force: true });
  }
};

const fill = (folder: string): void => {
  node('tooling/deploy-apps.mjs', join(folder, 'apps'));
  for (const group of ['packages', 'apps'])
    for (const name of readdirSync(join(root, group))) {
      if (name === 'dashboard' || !isThere(join(root, group, name, 'dist'))) continue;
      const target = join(folder, 'tarballs', `${group === 'apps' ? 'app-' : ''}${name}`);
      pnpm('-C', join(root, group, name), 'pack', '--pack-destination', target);
    }
  // As npm unpacks it: nothing of it needs another package.
  const [packed = ''] = readdirSync(join(folder, 'tarballs/app-sentinel'));
  const command = join(folder, 'apps/sentinel');
  // Not as the image has it.
  rmSync(command, { recursive: true, force: true });
  mkdirSync(command);
  run('tar', ['-xzf', join(folder, 'tarballs/app-sentinel', packed), '-C', command, '--strip-components=1']);
};

/**
 * Builds what has changed and lays everything out as it ships, outside of the workspace. A layout is named after its
 * content, so that test runs share it and none gets a stale one. The folder.
 */
export const layOut = (): string => {
  pnpm('exec', 'turbo', 'run', 'build', '--output-logs=errors-only');
  makeOwn(home);
  removeOld();
  const folder = join(home, key());
  if (!isThere(folder)) {
    // Two runs may come to this at once: each makes its own, and the first that is done gives the name.
    const own = `${folder}.${process.pid}`;
    rmSync(own, { recursive: true, force: true });
    fill(own);
    try {
      renameSync(own, folder);
    } catch (error) {
      if (!isThere(folder)) throw error;
      rmSync(own, { recursive: true, force: true });
    }
  }
  const now = new Date();
  utimesSync(folder, now, now);
  return folder;
};
