import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../../..');
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');

/** The files of one way, in their order, with the function that is named for each. */
const wayTo = (letter: string) => {
  const [, part = ''] = page.split(new RegExp(`^### \\(${letter}\\) .*$`, 'm'));
  const [table = ''] = part.split(/^##/m);
  return [...table.matchAll(/^\| (\d+) \| \[.*?\]\(\.\.\/(.*?)\) \| `(\w+)`/gm)].map(
    ([, number, file = '', name = '']) => ({ number: Number(number), file, name }),
  );
};

test.each([
  ['a', 'the message', 25],
  ['b', 'the restart', 12],
  ['c', 'the pixel', 25],
])('(%s) one beat comes to %s by few files, and comes back to none', (letter, _to, most) => {
  const way = wayTo(letter);
  expect(way.length).toBeGreaterThan(8);
  expect(way.length).toBeLessThanOrEqual(most);
  expect(way.map(({ number }) => number)).toEqual(way.map((_, index) => index + 1));
  expect(new Set(way.map(({ file }) => file)).size).toBe(way.length);
  for (const { file, name } of way) {
    expect(existsSync(join(root, file)), file).toBe(true);
    const text = readFileSync(join(root, file), 'utf8');
    expect(
      new RegExp(`\\b(?:const|async) ${name}\\b|\\b${name}: (?:async )?\\(|\\b${name}\\(`).test(text),
      `${name} in ${file}`,
    ).toBe(true);
  }
});
