import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './cache.ts';
import { standInImages } from './images.ts';
import type { Outcome } from './sh.ts';
import { sh } from './sh.ts';
import { pace } from './stack.ts';
import type { Vps } from './vps.ts';

/** Whoever deploys: their archives, their settings, and the script run as they would run it. */
export type Desk = {
  /** Their clone, with a filled-in `.env`. */
  readonly clone: string;
  /** Their home, with the key where ssh keeps it. */
  readonly home: string;
  readonly deploy: (
    flags: string,
    options?: { readonly path?: string; readonly user?: string },
  ) => Promise<Outcome>;
  readonly archive: (name: string) => string;
};

const archives = (folder: string) => `
  set -e; cd '${folder}'; mkdir good; tar -C '${repository}' -cf - .release/apps .dockerignore .env.example docker scripts | tar -C good -xf -
  chmod -R 777 good  # As Windows' tar records everything.
  tar -C good -czf first.tar.gz .
  echo second >good/second; tar -C good -czf second.tar.gz .
  echo 'process.exit(1)' >good/.release/apps/bot/dist/index.js; tar -C good -czf broken.tar.gz .
  rm -r good`;

export const deskFor = async (vps: Vps, more: Readonly<Record<string, string>> = {}): Promise<Desk> => {
  const settings = Object.entries({ ...standInImages, ...pace, TZ: 'UTC', ...more });
  // As a user makes it: the example, with some of it filled in. What stays empty counts as not set.
  const example = readFileSync(join(repository, '.env.example'), 'utf8');
  writeFileSync(
    join(vps.folder, 'env'),
    example + settings.map(([name, value]) => `${name}=${value}\n`).join(''),
  );
  await sh(archives(vps.folder));
  const [clone, home] = [join(vps.folder, 'clone'), join(vps.folder, 'home')];
  await sh(`mkdir '${clone}' && ln -s '${repository}/scripts' '${clone}/' && cp '${vps.folder}/env' '${clone}/.env'
    mkdir -p -m 700 '${home}/.ssh' && cp '${vps.key}' '${home}/.ssh/id_ed25519'`);
  return {
    clone,
    home,
    archive: (name) => join(vps.folder, `${name}.tar.gz`),
    deploy: (flags, { path, user = 'root' } = {}) =>
      vps.here(
        `${path ? `PATH='${path}':"$PATH"` : ''} '${repository}/scripts/deploy_to_contabo.sh' --host ${vps.address} --user ${user} --key '${vps.key}' ${flags}`,
      ),
  };
};
