import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tempFolder } from '../../test/support/site.ts';
import type { Broker, Closed } from '../broker/broker.ts';
import { createPaperBroker } from '../broker/paper-broker.ts';
import type { BotEvent } from '../reporter/events.ts';
import { openMemory } from '../store/memory.ts';
import { createExecution, orderOf } from './execution.ts';

let temp: ReturnType<typeof tempFolder>;
beforeEach(() => {
  temp = tempFolder();
});
afterEach(() => temp.remove());

const forever = new AbortController().signal;
const signal = { symbol: 'MCL', direction: 'buy', quantity: 2, tp: 55, sl: 45 } as const;

const open = (broken: Partial<Broker> = {}) => {
  const paper = createPaperBroker({
    file: join(temp.folder, 'paper.db'),
    symbol: 'MCL',
    multiplier: 100,
    series: Array.from({ length: 1000 }, () => 50),
    barMs: 3_600_000,
    costs: { slippageBps: 2, feePerContract: 0.5 },
    now: Date.now,
  });
  const memory = openMemory(join(temp.folder, 'bot.db'));
  const events: BotEvent[] = [];
  const execution = createExecution({
    broker: { ...paper, ...broken },
    memory,
    beat: () => undefined,
    report: async (event) => void events.push(event),
    timeZone: 'UTC',
    now: Date.now,
    lookAgainMs: 0,
  });
  const states = () => memory.orders.list().map(({ state }) => state);
  const close = () => {
    memory.close();
    paper.close();
  };
  return { execution, paper, memory, events, states, close };
};

test('a bot that dies between execution and record trades once, and says so once', async () => {
  const fixture = fileURLToPath(new URL('../../test/fixtures/dies-after-execution.ts', import.meta.url));
  const died = spawnSync(process.execPath, ['--conditions=@sentinel/source', fixture, temp.folder]);
  expect(died.signal).toBe('SIGKILL');

  const { execution, paper, memory, events, states, close } = open();
  expect(states()).toEqual(['in-hand']);
  expect(memory.signals.seen('id:s-1')).toBe(true);
  await execution.recover(forever);
  await execution.recover(forever);
  expect(states()).toEqual(['filled']);
  expect(await paper.openPositions()).toBe(1);
  expect(events.map(({ kind }) => kind)).toEqual(['trade-executed']);
  close();
});

test('an order that never reached the broker is given up, not sent late', async () => {
  const { execution, paper, events, states, close } = open({
    place: () => Promise.reject(new Error('no network')),
  });
  await expect(execution.execute('id:s-1', signal)).rejects.toThrow('no network');
  await execution.recover(forever);
  expect(states()).toEqual(['abandoned']);
  expect(await paper.openPositions()).toBe(0);
  expect(events).toMatchObject([{ kind: 'trade-failed' }]);
  close();
});

test('an order stays in hand as long as the broker cannot be asked', async () => {
  const fails = () => Promise.reject(new Error('no network'));
  const { execution, states, close } = open({ place: fails, find: fails });
  await expect(execution.execute('id:s-1', signal)).rejects.toThrow();
  await expect(execution.recover(forever)).rejects.toThrow('no network');
  expect(states()).toEqual(['in-hand']);
  close();
});

test('an order that was slow on its way is found, as long as it may still be on its way', async () => {
  let looks = 0;
  const { execution, paper, states, close } = open({
    inFlightMs: 60_000,
    place: () => Promise.reject(new Error('no answer in time')),
    find: async (id) => {
      looks += 1;
      if (looks === 5) await paper.place({ ...orderOf('id:s-1', signal), id });
      return paper.find(id);
    },
  });
  await expect(execution.execute('id:s-1', signal)).rejects.toThrow('no answer');
  await execution.recover(forever);
  expect(looks).toBe(5);
  expect(states()).toEqual(['filled']);
  expect(await paper.openPositions()).toBe(1);
  close();
});

test('a stop while an order is looked for leaves it in hand for the next start', async () => {
  const stop = new AbortController();
  const { execution, states, close } = open({
    inFlightMs: 60_000,
    place: () => Promise.reject(new Error('no answer in time')),
    find: async () => {
      stop.abort();
      return null;
    },
  });
  await expect(execution.execute('id:s-1', signal)).rejects.toThrow('no answer');
  await expect(execution.recover(stop.signal)).rejects.toThrow();
  expect(states()).toEqual(['in-hand']);
  close();
});

test('one signal never becomes two orders', async () => {
  const { execution, paper, close } = open();
  await execution.execute('id:s-1', signal);
  await expect(execution.execute('id:s-1', signal)).rejects.toThrow();
  expect(await paper.openPositions()).toBe(1);
  close();
});

const closedAt = (seq: number, at: number): Closed => ({
  seq,
  orderId: `o-${seq}`,
  symbol: 'MCL',
  side: 'buy',
  quantity: 1,
  entry: 50,
  exit: 51,
  profit: 99,
  why: 'target',
  at,
});
const accountOf = (account: string, closed: readonly Closed[]): Partial<Broker> => ({
  account,
  closedAfter: async (after) => closed.filter(({ seq }) => seq > after),
});

test('each closed position is told once, also those of another broker whose numbers begin anew', async () => {
  const paper = [closedAt(1, 1), closedAt(2, 1), closedAt(3, 1)];
  const told: unknown[] = [];
  for (const broken of [
    accountOf('paper', paper),
    accountOf('web', [closedAt(1, 1), closedAt(2, 1)]),
    accountOf('paper', [...paper, closedAt(4, 1)]),
  ]) {
    const { execution, events, close } = open(broken);
    await execution.collect();
    await execution.collect();
    told.push(events.map((event) => event.kind === 'position-closed' && event.closed.seq));
    close();
  }
  expect(told).toEqual([[1, 2, 3], [1, 2], [4]]);
});

test('a position counts on the day on which it was closed, not on that on which it was seen', async () => {
  const { execution, memory, close } = open(accountOf('paper', [closedAt(1, Date.UTC(2026, 0, 5, 23, 59))]));
  await execution.collect();
  expect(memory.results.of('2026-01-05').closed).toBe(1);
  close();
});

test('what an older version has reported is not told once more', async () => {
  const before = open();
  before.memory.results.add('', closedAt(2, 1), '2026-01-05');
  before.close();
  const { execution, events, close } = open(
    accountOf('web', [closedAt(1, 1), closedAt(2, 1), closedAt(3, 1)]),
  );
  await execution.collect();
  expect(events).toMatchObject([{ kind: 'position-closed', closed: { seq: 3 } }]);
  close();
});
