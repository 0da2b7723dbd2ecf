import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { tarball } from '@sentinel/tooling-shipped';

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

/** What npm would be given of one, as the tests lay it out. */
export const tarballOf = ({ folder }: Published): string =>
  tarball(`${basename(dirname(folder)) === 'apps' ? 'app-' : ''}${basename(folder)}`);
