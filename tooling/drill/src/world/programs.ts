import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { shipped, shippedApps, tarball } from '@sentinel/tooling-shipped';

export type App = 'bot' | 'monitor' | 'api';

const repository = resolve(import.meta.dirname, '../../../..');

/** Compiled programs are kept here, so that each start does not compile anew. */
export const compileCache = join(repository, '.cache/compile');

/** The entry of a program as it is shipped. */
export const entryOf = shipped;

/** Lays the packed writer for TypeScript into a folder, as an installation does. */
export const installWriter = (folder: string): void => {
  const target = join(folder, 'node_modules/@sentinel/heartbeat-core');
  mkdirSync(target, { recursive: true });
  const { status, stderr } = spawnSync(
    'tar',
    ['-xzf', tarball('heartbeat-core'), '-C', target, '--strip-components=1'],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`The packed writer could not be unpacked: ${stderr}`);
  symlinkSync(join(repository, 'packages/heartbeat-core/node_modules/zod'), join(folder, 'node_modules/zod'));
};

/** Copies the programs and Node where any user may run them; the node to use. */
export const copyForEveryone = (folder: string): { readonly node: string; readonly monitor: string } => {
  cpSync(join(shippedApps(), 'monitor'), join(folder, 'programs/monitor'), { recursive: true });
  cpSync(process.execPath, join(folder, 'programs/node'));
  return { node: join(folder, 'programs/node'), monitor: join(folder, 'programs/monitor/dist/index.js') };
};
