import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openRecords } from '@sentinel/history';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeOrder } from './write-order.ts';

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
const order = { kind: 'restart', bot: 'bot', by: 'me', args: {}, at: 1 } as const;

test('an order that finds the journal locked lets others go on, and is written once it is free', async () => {
  let pauses = 0;
  const id = await writeOrder(file, order, async () => {
    pauses += 1;
    if (pauses === 3) other.exec('ROLLBACK');
  });
  expect(pauses).toBe(3);
  const records = openRecords(file, { readOnly: true });
  expect(records.pendingOrders()).toEqual([{ ...order, id }]);
  records.close();
});

test('a journal that stays locked is given up after a few tries', async () => {
  let pauses = 0;
  const pause = async () => {
    pauses += 1;
  };
  await expect(writeOrder(file, order, pause)).rejects.toThrow('locked');
  expect(pauses).toBe(7);
});

test('what is no lock is not tried again', async () => {
  const never = async () => {
    throw new Error('tried again');
  };
  const none = join(folder, 'none.db');
  mkdirSync(none);
  await expect(writeOrder(none, order, never)).rejects.toThrow(`${none} is`);
});
