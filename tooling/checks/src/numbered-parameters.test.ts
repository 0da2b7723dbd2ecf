import { expect, test } from 'vitest';
import { findNumberedParameters } from './numbered-parameters.ts';

test('a parameter with a number is told with its line, one without, and other question marks, are not', () => {
  const text =
    "prepare('SELECT ? WHERE a = ?');\nprepare(`WHERE (?1 IS NULL OR bot = ?1)\n  LIMIT ?2`);\nconst a = b ? 1 : c?.[1] ?? 2;";
  expect(findNumberedParameters([{ path: 'packages/x/src/y.ts', text }]).map(({ path }) => path)).toEqual([
    'packages/x/src/y.ts:2',
    'packages/x/src/y.ts:2',
    'packages/x/src/y.ts:3',
  ]);
});
