import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export const repository = resolve(import.meta.dirname, '../../../..');

export type App = 'bot' | 'monitor' | 'api';

/** Where the programs are laid out as they are shipped; `SENTINEL_DRILL_PROGRAMS` names another such folder. */
const folder = process.env.SENTINEL_DRILL_PROGRAMS ?? join(repository, '.cache/drill-programs');

/** The entry of a shipped program. */
export const entryOf = (app: App): string => join(folder, app, 'dist/index.js');

/** The package for bots in TypeScript, as it is built. */
export const heartbeatCore = (): string =>
  pathToFileURL(join(repository, 'packages/heartbeat-core/dist/index.js')).href;

/** Builds and lays out the programs, unless a folder with them was named. */
export const layOut = (): void => {
  if (process.env.SENTINEL_DRILL_PROGRAMS !== undefined) {
    if (!existsSync(entryOf('monitor'))) throw new Error(`There are no programs in ${folder}`);
    return;
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, ['tooling/deploy-apps.mjs', folder], {
    cwd: repository,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The programs could not be laid out:\n${stdout}\n${stderr}`);
};
