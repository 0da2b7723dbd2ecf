import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openReader, withRecords } from './reader.ts';
import { openRecords } from './record.ts';
import { openStore } from './store.ts';

let folder: string;
let file: string;
let reader: ReturnType<typeof openReader>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-reader-'));
  file = join(folder, 'sentinel.db');
  reader = openReader(file);
});
afterEach(() => {
  reader.close();
  rmSync(folder, { recursive: true, force: true });
});

const writing = (value: unknown) => {
  const records = openRecords(file);
  records.setState('key', value);
  return records;
};
const ask = () => reader.withRecords((records) => records.getState('key') ?? null);
const known = (value: unknown) => ({ kind: 'known', value });

test('where there is no journal that is said, and none is made', () => {
  expect(ask()).toEqual({ kind: 'none' });
  expect(withRecords(join(folder, 'no', 'sentinel.db'), () => 1)).toEqual({ kind: 'none' });
  expect(readdirSync(folder)).toEqual([]);
  writing(1).close();
  expect(ask()).toEqual(known(1));
});

test('a journal that cannot be read is not known, and read again when it can be', () => {
  writeFileSync(file, 'garbage '.repeat(2000));
  expect(ask()).toEqual({ kind: 'unknown', reason: 'file is not a database' });
  rmSync(file);
  mkdirSync(file);
  expect(ask()).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('is') });
  rmSync(file, { recursive: true });
  writing(1).close();
  expect(ask()).toEqual(known(1));
});

test('a lock is not waited for', () => {
  writing(1).close();
  const other = new DatabaseSync(file);
  other.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  const began = performance.now();
  expect(ask()).toEqual({ kind: 'unknown', reason: 'database is locked' });
  expect(performance.now() - began).toBeLessThan(1000);
  other.exec('ROLLBACK');
  other.close();
  expect(ask()).toEqual(known(1));
});

test('another file in its place is read from then on', () => {
  writing(1).close();
  expect(ask()).toEqual(known(1));
  renameSync(file, `${file}.old`);
  writing(2).close();
  expect(ask()).toEqual(known(2));
});

test.each(['-wal', '-shm'])('a %s that was removed is noticed, as its writer does', (part) => {
  const store = openStore(file);
  const write = (value: number) => store.transact((records) => records.setState('key', value), undefined);
  write(1);
  expect(ask()).toEqual(known(1));
  rmSync(file + part);
  write(2);
  expect(ask()).toEqual(known(2));
  store.close();
});

test('whether it is the same file is asked as often as is wanted, and one that failed is left alone for a while', () => {
  const clock = { at: 0 };
  reader = openReader(file, { checkMs: 100, restMs: 2000, clock: { monotonic: () => clock.at } });
  expect(ask()).toEqual({ kind: 'none' });
  const first = writing(1);
  clock.at = 1999;
  expect(ask()).toEqual({ kind: 'none' });
  clock.at = 2000;
  expect(ask()).toEqual(known(1));
  first.close();
  renameSync(file, `${file}.old`);
  writing(2).close();
  clock.at = 2100;
  expect(ask()).toEqual(known(2));
});

test('a fault of the question is no fault of the journal', () => {
  writing(1).close();
  expect(() =>
    reader.withRecords(() => {
      throw new TypeError('a fault');
    }),
  ).toThrow('a fault');
  expect(ask()).toEqual(known(1));
});
