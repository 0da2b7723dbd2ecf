import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const all = (pattern: RegExp, ...files: string[]) =>
  files.flatMap((file) => [...read(file).matchAll(pattern)].map(([, found = '']) => found));
const composes = ['docker/compose.yaml', 'docker/compose.single.yaml'];
const exact = /^\d+\.\d+\.\d+$/;

test('every image that is pulled has one exact version, the same wherever it is named', () => {
  const inDockerfile = all(/^ARG \w+_IMAGE=(.*)$/gm, 'docker/Dockerfile');
  const inCompose = all(/_IMAGE:-([^}]+)\}/g, ...composes);
  const pulled = all(/^ +image: ((?:prom|grafana)\/.*)$/gm, ...composes);
  expect(inDockerfile).toHaveLength(3);
  expect([...new Set(inCompose)].sort()).toEqual([...inDockerfile].sort());
  for (const image of [...inDockerfile, ...pulled])
    expect(/:v?([\d.]+)(-[a-z-]+)?$/.exec(image)?.[1], image).toMatch(exact);
});

test('what a build fetches by npx has one exact version, and is what this repository uses', () => {
  const fetched = all(
    /npx[', [\]-]+y[', ]+([\w@/-]+@[\w.]+)/g,
    'docker/Dockerfile',
    'scripts/prepare-release.sh',
    'tooling/deploy-apps.mjs',
  );
  expect(fetched).toHaveLength(4);
  for (const tool of fetched) expect(tool.split('@').at(-1), tool).toMatch(exact);
  expect(new Set(fetched).size, 'pnpm and turbo').toBe(2);
  const turbo = /^ {4}turbo:\n.*\n {6}version: (.*)$/m.exec(read('pnpm-lock.yaml'))?.[1];
  expect(fetched).toContain(`turbo@${turbo}`);
  const node = /^nodeVersion: (.*)$/m.exec(read('pnpm-workspace.yaml'))?.[1];
  expect(all(/^ARG NODE_IMAGE=node:([\d.]+)/gm, 'docker/Dockerfile')).toEqual([node]);
  expect(all(/^NODE_VERSION=(.*)$/gm, 'scripts/prepare-release.sh')).toEqual([node]);
  expect(read('scripts/prepare-release.sh')).not.toContain('latest');
});

test('.dockerignore knows every secret that .gitignore knows', () => {
  const secrets = read('.gitignore')
    .split('What may hold secrets')[1]
    ?.split('\n')
    .slice(1)
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(secrets).toContain('.env*');
  const ignored = read('.dockerignore').split('\n');
  for (const secret of secrets ?? [])
    expect(ignored, secret).toContain(secret.startsWith('!') ? secret : `**/${secret}`);
});
