import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { readPages, root } from './pages.ts';

type Named = { readonly path: string; readonly name: string | undefined; readonly row: string };

/** The links to tests in a text, each with the name of a test in its title. */
const namedIn = (text: string): Named[] =>
  text.split('\n').flatMap((row) =>
    [...row.matchAll(/\]\(([^)\s]+\.test\.ts)(?: "([^"]+)")?\)/g)].map(([, path = '', name]) => ({
      path,
      name,
      row,
    })),
  );

/** Whether a file has a test of that name. A name stands there in quotes, where an apostrophe may be escaped. */
const has = (source: string, name: string): boolean => source.replaceAll("\\'", "'").includes(name);

test('every test that a page names is there', () => {
  const named = readPages().flatMap(({ path, text }) =>
    namedIn(text).flatMap((link) =>
      link.name === undefined
        ? []
        : [{ ...link, file: normalize(join(dirname(path), link.path)), name: link.name }],
    ),
  );
  expect(named.length).toBeGreaterThan(40);
  const missing = named.filter(({ file, name }) => !has(readFileSync(join(root, file), 'utf8'), name));
  expect(missing.map(({ file, name }) => `${file}: ${name}`)).toEqual([]);
});

test('every threat names a test that shows what stands against it', () => {
  const page = readFileSync(join(root, 'docs/operation/security.md'), 'utf8');
  const rows = page.split('\n').filter((line) => /^\| (?!threat|---)/.test(line) && !line.startsWith('|---'));
  expect(rows.length).toBeGreaterThan(20);
  for (const row of rows) {
    const named = namedIn(row);
    expect(named.length, row).toBeGreaterThan(0);
    expect(
      named.filter(({ name }) => name === undefined),
      row,
    ).toEqual([]);
  }
});
