import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { webhookSecret } from '@sentinel/tooling-vitest/webhook-secret';
import { expect, test } from 'vitest';

const folderWith = (name: string, text: string) => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-searched-'));
  writeFileSync(join(folder, name), text);
  return folder;
};
const all = { recursive: true, force: true };

test('a webhook that a test left in a file is found when the folder is removed, which it is', async () => {
  const sync = folderWith('sentinel.db-wal', `\0\0posted to /services/${webhookSecret}\0`);
  expect(() => rmSync(sync, all)).toThrow(/stands in .*sentinel\.db-wal, after: .*posted to/);
  expect(existsSync(sync)).toBe(false);

  const promised = folderWith('monitor.log', webhookSecret.replaceAll('/', '%2F'));
  await expect(rm(promised, all)).rejects.toThrow('monitor.log');
  expect(existsSync(promised)).toBe(false);
});

test('where a person writes it down it may stand', () => {
  rmSync(folderWith('.env', `SLACK_WEBHOOK_URL=https://hooks.slack.com/services/${webhookSecret}`), all);
});
