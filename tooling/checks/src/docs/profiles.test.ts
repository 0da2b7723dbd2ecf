import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPages, root } from './pages.ts';

// Compose starts nothing of a profile that does not exist, and says nothing.
test('every profile that a page names is one of the compose file', () => {
  const compose = readFileSync(join(root, 'docker/compose.yaml'), 'utf8');
  const known = new Set([...compose.matchAll(/profiles: \[(\w+)\]/g)].map(([, name]) => name));
  const named = readPages().flatMap(({ path, text }) =>
    [...text.matchAll(/--profile (\w+)/g)].map(([, name]) => ({ path, name })),
  );
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter(({ name }) => !known.has(name))).toEqual([]);
});
