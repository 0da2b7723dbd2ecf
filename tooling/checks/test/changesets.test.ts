import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../src/docs/pages.ts';

const manifests = ['packages', 'apps'].flatMap((folder) =>
  readdirSync(join(root, folder)).map(
    (name) =>
      JSON.parse(readFileSync(join(root, folder, name, 'package.json'), 'utf8')) as {
        name: string;
        version?: string;
        bin?: unknown;
      },
  ),
);

test('each changeset names packages that there are, each of them once, and says something', () => {
  const names = manifests.map(({ name }) => name);
  const files = readdirSync(join(root, '.changeset')).filter(
    (file) => file.endsWith('.md') && file !== 'README.md',
  );
  for (const file of files) {
    const text = readFileSync(join(root, '.changeset', file), 'utf8');
    const [, head = '', words = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text) ?? [];
    const named = head
      .split('\n')
      .map((line) => /^(["'])(.+)\1: (?:patch|minor|major)$/.exec(line)?.[2] ?? line);
    expect(
      named.filter((name) => !names.includes(name)),
      file,
    ).toEqual([]);
    // With a name twice `changeset version` ends with an error, and nothing is released.
    expect(named.length, file).toBe(new Set(named).size);
    expect(words.trim(), file).not.toBe('');
  }
});

test('a program has a version that says something', () => {
  const programs = manifests.filter(({ bin }) => bin !== undefined);
  expect(programs.length).toBeGreaterThan(2);
  for (const { name, version } of programs) expect(version, name).not.toBe('0.0.0');
});
