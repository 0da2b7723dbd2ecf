import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openRecords } from '@sentinel/history';
import { expect, onTestFinished, test } from 'vitest';
import { setJournalAside } from './set-aside.ts';

const journal = () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-aside-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'sentinel.db');
  const records = openRecords(file);
  records.setState('known', 'of before');
  records.close();
  return { folder, file };
};

test('a journal that can be used stays where it is', async () => {
  const { file } = journal();
  expect(await setJournalAside(file, 0)).toMatchObject({ code: 0, isNew: true });
  expect(openRecords(file, { readOnly: true }).getState('known')).toBe('of before');
});

test('one that another process locks is moved away and kept, and none is made for a monitor that is not there', async () => {
  const { folder, file } = journal();
  const other = new DatabaseSync(file);
  other.exec('BEGIN EXCLUSIVE');
  const outcome = await setJournalAside(file, 200);
  other.close();
  expect(outcome).toMatchObject({
    code: 0,
    isNew: false,
    line: expect.stringContaining('database is locked'),
  });
  const [kept = ''] = readdirSync(folder).filter((name) => /^sentinel\.db\.set-aside-[\dTZ]+$/.test(name));
  expect(outcome.line).toContain(kept);
  expect(readdirSync(folder)).not.toContain('sentinel.db');
  expect(openRecords(join(folder, kept), { readOnly: true }).getState('known')).toBe('of before');
}, 60_000);

test('where there is none nothing is done', async () => {
  const { folder } = journal();
  expect(await setJournalAside(join(folder, 'other.db'), 0)).toMatchObject({ code: 1, isNew: false });
});

test.skipIf(process.geteuid?.() !== 0)('root moves nothing in a folder of another user', async () => {
  const { folder, file } = journal();
  const other = new DatabaseSync(file);
  other.exec('BEGIN EXCLUSIVE');
  chownSync(folder, 1201, 1201);
  const outcome = await setJournalAside(file, 0);
  other.close();
  expect(outcome).toMatchObject({ code: 1, isNew: false });
  expect(outcome.line).toMatch(/user 1201 may write into [^\n]*: give the order as that user/);
  expect(readdirSync(folder)).toContain('sentinel.db');
});
