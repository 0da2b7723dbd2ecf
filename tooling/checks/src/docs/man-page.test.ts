import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { manPage, manPageFile, roff } from './man-page.ts';
import { root } from './pages.ts';

test('the man page is what `pnpm docs:generate` makes', () => {
  expect(readFileSync(join(root, manPageFile), 'utf8')).toBe(manPage());
});

test('no text is taken for a command of the page', () => {
  expect(roff(".env and\n.TH\n'x' and `--help` in C:\\logs")).toBe(
    "\\&.env and\n\\&.TH\n\\&'x' and \\-\\-help in C:\\elogs",
  );
});
