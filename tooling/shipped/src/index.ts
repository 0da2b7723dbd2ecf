import { readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layOut } from './layout.ts';
import { root } from './pnpm.ts';
import { variable } from './variable.ts';

export type App = 'bot' | 'monitor' | 'api' | 'sentinel';

const layout = (): string => {
  process.env[variable] ??= layOut();
  return process.env[variable];
};

/** What Node runs of an app: the program as it ships, with its production dependencies, outside of the workspace. */
export const shipped = (app: App): string => join(shippedApps(), app, 'dist/index.js');

/** The folder with all of them, as `tooling/deploy-apps.mjs` makes it (bot, monitor, api, dashboard), and the package `sentinel`. */
export const shippedApps = (): string => join(layout(), 'apps');

/** What npm would be given of a package (`slack`) or of an app (`app-monitor`). */
export const tarball = (name: string): string => {
  const folder = join(layout(), 'tarballs', name);
  const [file, ...more] = readdirSync(folder);
  if (file === undefined || more.length > 0) throw new Error(`Expected one tarball in ${folder}`);
  return join(folder, file);
};

/** Every tarball, by its name. */
export const tarballs = (): string[] => readdirSync(join(layout(), 'tarballs')).map(tarball);

/**
 * The environment of a program on a machine that has nothing of ours: a PATH without this workspace in it, and what the
 * test sets.
 */
export const bareEnv = (set: NodeJS.Dict<string> = {}): NodeJS.Dict<string> => ({
  PATH: (process.env.PATH ?? '')
    .split(delimiter)
    .filter((entry) => !entry.startsWith(root))
    .join(delimiter),
  ...set,
});

/** What a test project names as its `globalSetup`. */
export const shippedSetup = fileURLToPath(new URL('setup.ts', import.meta.url));
