import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { changeRecords } from './change-records.ts';
import { openRecords, type Records } from './record.ts';

let folder: string;
let file: string;
let other: DatabaseSync;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-order-'));
  file = join(folder, 'sentinel.db');
  openRecords(file).close();
  other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
});
afterEach(() => {
  other.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
const order = { kind: 'restart', bot: 'bot', by: 'me', args: {}, at: 1 };
const add = (records: Records) => records.addOrder(order);

/** Time that passes only while somebody waits. */
const clockThat = (onPause: (pauses: number) => void = () => {}) => {
  const clock = { pauses: 0, at: 0 };
  return {
    pauses: () => clock.pauses,
    monotonic: () => clock.at,
    sleep: async (ms: number) => {
      clock.at += ms;
      clock.pauses += 1;
      onPause(clock.pauses);
    },
  };
};

test('an order that finds the journal locked lets others go on, and is written once it is free', async () => {
  const clock = clockThat((pauses) => {
    if (pauses === 3) other.exec('ROLLBACK');
  });
  const id = await changeRecords(file, 2000, add, clock);
  expect(clock.pauses()).toBe(3);
  const records = openRecords(file, { readOnly: true });
  expect(records.pendingOrders()).toEqual([{ ...order, id }]);
  records.close();
});

test('a journal that stays locked is given up in time', async () => {
  const clock = clockThat();
  await expect(changeRecords(file, 1000, add, clock)).rejects.toThrow('locked');
  expect(clock.pauses()).toBe(5);
});

test('what is no lock is not tried again', async () => {
  const clock = clockThat();
  const none = join(folder, 'none.db');
  mkdirSync(none);
  await expect(changeRecords(none, 2000, add, clock)).rejects.toThrow(`${none} is`);
  expect(clock.pauses()).toBe(0);
});
