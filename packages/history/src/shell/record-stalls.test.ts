import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRecords, type Records } from './record.ts';

const minute = 60_000;
let folder: string;
let file: string;
let records: Records;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-stalls-'));
  file = join(folder, 'sentinel.db');
  records = openRecords(file);
});
afterEach(() => {
  records.close();
  rmSync(folder, { recursive: true, force: true });
});

const stand = (at: number, mark: string | null, since: number | null = null) =>
  records.standStill({ bot: 'bot', at: at * minute, mark, since: since === null ? null : since * minute });
const stalls = () =>
  records.stalls('bot').map(({ from, to, open }) => [from / minute, to / minute, open] as const);

test('work leaves nothing behind, a stall its beginning and its end', () => {
  stand(0, 'a');
  stand(1, 'b');
  expect(stalls()).toEqual([]);
  stand(2, 'b', 1);
  expect(records.openStall('bot')).toEqual({ from: minute, to: 2 * minute, mark: 'b' });
  stand(3, 'b', 1);
  expect(stalls()).toEqual([[1, 3, true]]);
  stand(4, 'c');
  expect(stalls()).toEqual([[1, 4, false]]);
  expect(records.openStall('bot')).toBeNull();
  stand(6, 'c', 4);
  stand(7, null);
  expect(stalls()).toEqual([
    [1, 4, false],
    [4, 7, false],
  ]);
  expect(records.stalls('other')).toEqual([]);
});

test('a stall whose end nobody saw ends where it was seen last', () => {
  stand(2, 'a', 1);
  stand(60, 'b');
  expect(stalls()).toEqual([[1, 2, false]]);
});

test('a first look that has not seen it stand still for long ends no stall of the same progress', () => {
  stand(2, 'a', 1);
  stand(9, 'a');
  expect(stalls()).toEqual([[1, 9, true]]);
});

test('old stalls are forgotten', () => {
  stand(2, 'a', 1);
  stand(3, 'b');
  stand(9, 'b', 3);
  records.prune(5 * minute);
  expect(stalls()).toEqual([[3, 9, true]]);
});

test('a journal from before there were stalls is read without them, and has them from its first write on', () => {
  records.addBeat({
    bot: 'bot',
    at: 1,
    state: 'healthy',
    status: '✅',
    sessionActive: true,
    instance: null,
    ageMs: 0,
  });
  records.close();
  const old = new DatabaseSync(file);
  old.exec('DROP TABLE stalls');
  old.close();
  records = openRecords(file, { readOnly: true });
  expect([records.stalls('bot'), records.openStall('bot')]).toEqual([[], null]);
  records.close();
  records = openRecords(file);
  stand(2, 'a', 1);
  expect(stalls()).toEqual([[1, 2, true]]);
  expect(records.beats({ limit: 5 })).toHaveLength(1);
});
