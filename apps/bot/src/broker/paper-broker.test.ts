import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tempFolder } from '../../test/support/site.ts';
import { recordedPrices } from '../demo/recorded.ts';
import type { Order } from './broker.ts';
import { createPaperBroker } from './paper-broker.ts';

let temp: ReturnType<typeof tempFolder>;
let now = 0;
beforeEach(() => {
  temp = tempFolder();
  now = 1_000_000;
});
afterEach(() => temp.remove());

const open = (series: readonly number[], barMs = 1000) =>
  createPaperBroker({
    file: join(temp.folder, 'paper.db'),
    symbol: 'MCL',
    multiplier: 100,
    series,
    barMs,
    costs: { slippageBps: 0, feePerContract: 0.5 },
    now: () => now,
  });
const order = (id: string): Order => ({ id, symbol: 'MCL', side: 'buy', quantity: 2, target: 52, stop: 48 });

test('an order fills at the price of its bar, and its target closes it with a profit after fees', async () => {
  const broker = open([50, 51, 53, 50, 50]);
  expect(await broker.place(order('a'))).toEqual({ kind: 'filled', price: 50, fee: 1 });
  now += 2000;
  expect(await broker.closedAfter(0)).toMatchObject([
    { seq: 1, orderId: 'a', exit: 52, why: 'target', profit: 398 },
  ]);
  expect(await broker.openPositions()).toBe(0);
  broker.close();
});

test('the same order id is executed once, also after a restart', async () => {
  const first = open([50, 51, 50, 50]);
  const placed = await first.place(order('a'));
  first.close();
  now += 1000;
  const second = open([50, 51, 50, 50]);
  expect(await second.place(order('a'))).toEqual(placed);
  expect(await second.find('a')).toEqual(placed);
  expect(await second.find('b')).toBeNull();
  expect(await second.openPositions()).toBe(1);
  second.close();
});

test('a stop that was touched while nothing ran has been hit, at the worse price of the gap', async () => {
  const first = open([50, 50, 47, 60, 60]);
  await first.place(order('a'));
  first.close();
  now += 3000;
  const second = open([50, 50, 47, 60, 60]);
  expect(await second.closedAfter(0)).toMatchObject([{ exit: 47, why: 'stop', profit: -602, at: 1_002_000 }]);
  second.close();
});

test('at another speed the account goes on at its present bar: what is open still ends', async () => {
  const series = [50, 50, 50, 50, 50, 53, 53];
  const fast = open(series, 100);
  await fast.place(order('a'));
  now += 400;
  expect(await fast.closedAfter(0)).toEqual([]);
  fast.close();
  const slow = open(series, 60_000);
  expect(slow.prices.barAt(now)).toBe(4);
  now += 60_000;
  expect(await slow.closedAfter(0)).toMatchObject([{ orderId: 'a', why: 'target' }]);
  slow.close();
});

test('nothing is carried over the seam of the recording, and no order is taken on it', async () => {
  const broker = open([50, 50, 51]);
  await broker.place(order('a'));
  now += 2000;
  expect(await broker.closedAfter(0)).toMatchObject([{ why: 'series-end', exit: 51 }]);
  expect(await broker.place(order('b'))).toMatchObject({ kind: 'rejected' });
  broker.close();
});

test('a foreign symbol is rejected for good', async () => {
  const broker = open([50, 50]);
  expect(await broker.place({ ...order('a'), symbol: 'ES' })).toMatchObject({ kind: 'rejected' });
  expect(await broker.find('a')).toMatchObject({ kind: 'rejected' });
  broker.close();
});

test('the recording that is shipped is whole', () => {
  const series = recordedPrices();
  expect(series).toHaveLength(124);
  expect([series[0], series.at(-1)]).toEqual([46.17, 69.82]);
});
