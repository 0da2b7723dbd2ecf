import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { transitionTable } from '../src/core/transitions.ts';

test('the table in docs/monitor.md is the one that decides', () => {
  const page = readFileSync(new URL('../../../docs/monitor.md', import.meta.url), 'utf8');
  expect(page).toContain(transitionTable());
});
