import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, inject, test } from 'vitest';

const pages = inject('pages');
const files = readdirSync(pages, { recursive: true, encoding: 'utf8' }).filter((name) =>
  statSync(join(pages, name)).isFile(),
);

test('the first load is at most 60 kB gzipped, everything that ships counted', () => {
  const size = files.reduce((sum, name) => sum + gzipSync(readFileSync(join(pages, name))).length, 0);
  expect(size).toBeLessThanOrEqual(60_000);
});

test('what ships names no other host, and has no inline style or script', () => {
  const html = readFileSync(join(pages, 'index.html'), 'utf8');
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
  expect(html).not.toMatch(/<style|\bstyle=|\bon\w+=/);
  // Namespaces are names and not addresses, and are never asked for.
  const namespaces = /https?:\/\/www\.w3\.org\/(?:2000\/svg|1999\/xhtml|1999\/xlink|1998\/Math\/MathML)/g;
  for (const name of files) {
    const hosts = readFileSync(join(pages, name), 'utf8')
      .replace(namespaces, '')
      .match(/https?:\/\/[^"'\s)]+/g);
    expect(hosts, name).toBeNull();
  }
});
