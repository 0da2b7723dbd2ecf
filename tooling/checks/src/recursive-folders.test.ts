import { expect, test } from 'vitest';
import { findRecursiveFolders } from './recursive-folders.ts';

test('a folder that is made with those above it by Node itself is told with its line, any other is not', () => {
  const text =
    'mkdirSync(one);\nmkdirSync(dirname(file), { recursive: true });\nawait mkdir(a, {\n  mode: 0o700,\n  recursive: true,\n});\nrmSync(a, { recursive: true });';
  expect(findRecursiveFolders([{ path: 'apps/bot/src/x.ts', text }]).map(({ path }) => path)).toEqual([
    'apps/bot/src/x.ts:2',
    'apps/bot/src/x.ts:3',
  ]);
});
