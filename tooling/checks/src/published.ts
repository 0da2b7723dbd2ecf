import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pnpmCommand } from './pnpm-command.ts';

type Manifest = {
  readonly name: string;
  readonly private?: boolean;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
};

/** A package that is published: its folder, and what it says of itself. */
export type Published = { readonly folder: string; readonly manifest: Manifest };

/** Every package of ours that npm is given. */
export const publishedPackages = (root = resolve(import.meta.dirname, '../../..')): Published[] =>
  ['packages', 'apps'].flatMap((group) =>
    readdirSync(join(root, group))
      .map((name) => join(root, group, name))
      .filter((folder) => existsSync(join(folder, 'package.json')))
      .map((folder) => ({
        folder,
        manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest,
      }))
      .filter(({ manifest }) => manifest.private !== true),
  );

/** Packs one as it would be published. The tarball. */
export const pack = ({ folder, manifest: { name } }: Published, target: string): string => {
  const [program = '', ...args] = pnpmCommand(['-C', folder, 'pack', '--pack-destination', target]);
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const start = `${name.replace('@', '').replace('/', '-')}-`;
  const file = readdirSync(target).find(
    (each) => each.startsWith(start) && /^\d/.test(each.slice(start.length)),
  );
  if (file === undefined) throw new Error(`${name}: nothing was packed`);
  return join(target, file);
};
