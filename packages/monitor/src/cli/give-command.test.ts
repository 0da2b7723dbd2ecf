import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openRecords } from '@sentinel/history';
import { expect, onTestFinished, test } from 'vitest';
import { giveCommand } from './give-command.ts';

test('an order to a journal that another process locks says what to do, and nothing is ordered', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-order-'));
  const file = join(folder, 'sentinel.db');
  openRecords(file).close();
  const other = new DatabaseSync(file);
  onTestFinished(() => {
    other.close();
    rmSync(folder, { recursive: true, force: true });
  });
  other.exec('BEGIN EXCLUSIVE');
  const { code, line } = await giveCommand(file, 'bot', { kind: 'reset', by: 'x', args: {} }, 100);
  expect({ code, line }).toMatchObject({ code: 1, line: expect.stringContaining('another process locks') });
  expect(line).toContain('Nothing was ordered');
}, 60_000);
