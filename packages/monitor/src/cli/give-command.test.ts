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
  expect({ code, line }).toMatchObject({ code: 1, line: expect.stringContaining('Another process locks') });
  expect(line).toContain('Nothing was ordered');
}, 60_000);

test('a journal that cannot be looked at is not called missing', async () => {
  const order = { kind: 'pause', by: 'x', args: {} };
  const name = `/tmp/${'a'.repeat(300)}.db`;
  expect(await giveCommand(name, 'bot', order, 100)).toEqual({
    code: 1,
    line: `pause: the journal cannot be looked at: ${name}: name too long (ENAMETOOLONG). Nothing was ordered`,
  });
  expect((await giveCommand('/nowhere/sentinel.db', 'bot', order, 100)).line).toContain(
    'no monitor has a journal',
  );
});

test('an order for a bot that the journal does not have names those that it has', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-order-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'sentinel.db');
  const records = openRecords(file);
  const order = { kind: 'test-alert', by: 'x', args: {} };
  const withdrawn = `test-alert: no monitor that watches bot and writes to ${file} took the order, so it was withdrawn`;
  expect(await giveCommand(file, 'bot', order, 100)).toEqual({ code: 1, line: withdrawn });
  for (const name of ['alpha', 'beta']) records.setState(`supervision:${name}`, {});
  records.close();
  expect((await giveCommand(file, 'bot', order, 100)).line).toBe(
    `${withdrawn}. The journal has alpha, beta: give one of them as --bot`,
  );
  expect((await giveCommand(file, 'alpha', order, 100)).line).not.toContain('The journal has');
});
