import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decisionTable } from '../src/core/table.ts';

test('the table in docs/monitor.md is the one that decides', () => {
  const page = readFileSync(new URL('../../../docs/monitor.md', import.meta.url), 'utf8');
  expect(page).toContain(decisionTable());
});
