import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tempFolder } from '../../test/support/site.ts';
import type { Order } from '../broker/broker.ts';
import { createPaperBroker } from '../broker/paper-broker.ts';
import { openMemory } from './memory.ts';
import { createPrune } from './prune.ts';

const day = 24 * 60 * 60 * 1000;
const start = Date.UTC(2026, 0, 5);
let temp: ReturnType<typeof tempFolder>;
let now: number;
beforeEach(() => {
  temp = tempFolder();
  now = start;
});
afterEach(() => temp.remove());

const order = (id: string): Order => ({ id, symbol: 'MCL', side: 'buy', quantity: 1, target: 52, stop: 48 });

const open = () => {
  const memory = openMemory(join(temp.folder, 'bot.db'));
  const paper = createPaperBroker({
    file: join(temp.folder, 'paper.db'),
    symbol: 'MCL',
    multiplier: 100,
    // It rises once, on the second day, and never ends within this test.
    series: Array.from({ length: 5000 }, (_, bar) => (bar === 1 ? 53 : 50)),
    barMs: day,
    costs: { slippageBps: 0, feePerContract: 0.5 },
    now: () => now,
  });
  const prune = createPrune({ memory, paper, timeZone: 'UTC' });
  const close = () => {
    memory.close();
    paper.close();
  };
  return { memory, paper, prune, close };
};
type World = ReturnType<typeof open>;

const trade = async ({ memory, paper }: World, id: string, dated = false) => {
  memory.orders.take(order(id), { id: `id:${id}`, dated }, now, '2026-01-05');
  const placed = await paper.place(order(id));
  memory.orders.settle(id, placed.kind, placed);
};
const ids = ({ memory }: World) => memory.orders.list().map(({ id }) => id);

test('orders are kept for two years, and their signals are known after that, or refused for their age', async () => {
  const world = open();
  await trade(world, 'a');
  await trade(world, 'b', true);
  world.prune(start + 730 * day);
  expect(ids(world)).toEqual(['a', 'b']);
  world.prune(start + 730 * day + 1);
  expect(ids(world)).toEqual([]);
  // The first has no time of its own and would look new at any time; the age of the second is in itself.
  for (let year = 3; year < 10; year += 1) world.prune(start + year * 365 * day);
  expect(world.memory.signals.seen('id:a')).toBe(true);
  expect(world.memory.signals.seen('id:b')).toBe(false);
  world.close();
});

test('an order in hand stays, and so does what the broker knows as long as there is one', async () => {
  const world = open();
  await trade(world, 'a');
  await world.paper.place(order('b'));
  world.memory.orders.take(order('b'), { id: 'id:b', dated: false }, now, '2026-01-05');
  now += day;
  for (const closed of await world.paper.closedAfter(0))
    world.memory.results.add('paper', closed, '2026-01-06');
  world.prune(start + 2000 * day);
  expect(ids(world)).toEqual(['b']);
  expect(await world.paper.find('b')).not.toBeNull();
  world.close();
});

test('a position that is open or was not reported yet stays with its order, and the profit counts on', async () => {
  const world = open();
  const { memory, paper, prune } = world;
  await trade(world, 'closed');
  now += day;
  const [closed] = await paper.closedAfter(0);
  await trade(world, 'open');
  const profit = paper.profit();
  expect(profit).toBeGreaterThan(0);

  prune(start + 2000 * day);
  expect(await paper.closedAfter(0), 'nobody has heard of it yet').toHaveLength(1);
  memory.results.add('paper', { seq: closed?.seq ?? 0, profit }, '2026-01-06');
  prune(start + 2000 * day);
  prune(start + 2001 * day);
  expect(await paper.closedAfter(0)).toEqual([]);
  expect(await paper.find('closed')).toBeNull();
  expect(await paper.find('open')).not.toBeNull();
  expect(await paper.openPositions()).toBe(1);
  expect(paper.profit()).toBe(profit);
  expect(memory.results.last('paper'), 'or all would be reported again').toBe(closed?.seq);
  world.close();
});

test('the books of an older version are read on', () => {
  const file = join(temp.folder, 'bot.db');
  openMemory(file).close();
  const old = new DatabaseSync(file);
  old.exec(`DROP TABLE first_seen; DROP TABLE results; ALTER TABLE orders DROP COLUMN dated; PRAGMA user_version = 1;
    CREATE TABLE results (seq INTEGER PRIMARY KEY, day TEXT NOT NULL, profit REAL NOT NULL) STRICT;
    INSERT INTO results VALUES (1, '2026-01-05', 2), (2, '2026-01-05', 3);
    INSERT INTO orders VALUES ('o', 'id:s', 1, '2026-01-05', '{}', 'filled', NULL);`);
  old.close();
  const { memory, prune, close } = open();
  memory.results.adopt('paper');
  expect(memory.results.last('paper')).toBe(2);
  expect(memory.results.of('2026-01-05')).toMatchObject({ closed: 2, profit: 5 });
  prune(now);
  expect(memory.orders.list()).toEqual([]);
  expect(memory.signals.seen('id:s')).toBe(true);
  close();
});
