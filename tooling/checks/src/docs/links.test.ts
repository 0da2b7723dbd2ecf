import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findBrokenLinks } from './links.ts';
import { anchorsIn, blocksIn } from './markdown.ts';
import { readPages, root } from './pages.ts';

test('every link and picture of every page leads somewhere', () => {
  const pages = readPages();
  expect(pages.length).toBeGreaterThan(10);
  expect(findBrokenLinks(pages, (path) => existsSync(join(root, path)))).toEqual([]);
});

const broken = (text: string) =>
  findBrokenLinks([{ path: 'docs/a.md', text }], (path) => ['docs/a.md', 'docs/b.png'].includes(path));

test.each([
  ['a page that is not there', '[x](b.md)', 'docs/a.md:1: b.md does not exist'],
  ['a picture that is not there', '\n![x](c.png)', 'docs/a.md:2: c.png does not exist'],
  ['an anchor that no heading has', '# One\n[x](#two)', 'docs/a.md:2: #two names no heading of that page'],
  [
    'a path of the machine',
    '[x](/etc/a)',
    'docs/a.md:1: /etc/a begins at the root of a machine: write it from this page',
  ],
  ['a way out of the repository', '[x](../../a)', 'docs/a.md:1: ../../a leads out of the repository'],
  ['an address that is none', '[x](htps://a.org)', 'docs/a.md:1: htps://a.org is no address of the web'],
  ['the folder of somebody', 'in `/home/me/x`', 'docs/a.md: /home/me is a folder of one machine'],
])('%s is found', (_, text, message) => {
  expect(broken(text)).toEqual([message]);
});

test.each([
  ['good ones', '# Two words\n[x](#two-words) ![y](b.png) <https://a.org/b>'],
  ['code', '`[x](c.md)`\n```\n[x](c.md)\n```'],
])('%s are left alone', (_, text) => {
  expect(broken(text)).toEqual([]);
});

test('anchors are as GitHub makes them', () => {
  expect(anchorsIn('# `A` & [b](c.md): d_e\n## 8. Backup\n# x\n# x\n```\n# no heading\n```')).toEqual([
    'a--b-d_e',
    '8-backup',
    'x',
    'x-1',
  ]);
});

test('a block has its words, its text and its line', () => {
  expect(blocksIn('a\n\n```sh runnable\nls\n```\n')).toEqual([
    { info: 'sh runnable', text: 'ls\n', line: 3 },
  ]);
});
