import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tempFolder } from '../../test/support/site.ts';
import { type Broker, SessionGoneError } from '../broker/broker.ts';
import { createPaperBroker } from '../broker/paper-broker.ts';
import type { Session } from '../login/session.ts';
import type { BotEvent } from '../reporter/events.ts';
import { detect } from '../signals/source.ts';
import { openMemory } from '../store/memory.ts';
import { createCycle } from './cycle.ts';
import { createExecution } from './execution.ts';

const day = 24 * 60 * 60 * 1000;
const forever = new AbortController().signal;
let temp: ReturnType<typeof tempFolder>;
let now: number;
beforeEach(() => {
  temp = tempFolder();
  now = Date.UTC(2026, 0, 5, 12);
});
afterEach(() => temp.remove());

type World = {
  readonly entries?: readonly object[];
  readonly broken?: Partial<Broker>;
  readonly session?: Partial<Session>;
  readonly market?: 'always' | 'cme';
};

/** A cycle over a paper account whose price stands at 50. Each call stands for a start of the bot. */
const open = ({ entries = [], broken = {}, session = {}, market = 'always' }: World) => {
  const paper = createPaperBroker({
    file: join(temp.folder, 'paper.db'),
    symbol: 'MCL',
    multiplier: 100,
    series: Array.from({ length: 1000 }, () => 50),
    barMs: 3_600_000,
    costs: { slippageBps: 2, feePerContract: 0.5 },
    now: () => now,
  });
  const memory = openMemory(join(temp.folder, 'bot.db'));
  const beats: string[] = [];
  const events: BotEvent[] = [];
  const calls: string[] = [];
  const shared = {
    memory,
    broker: { ...paper, ...broken },
    beat: (status: string) => void beats.push(status),
    report: async (event: BotEvent) => void events.push(event),
    timeZone: 'UTC',
    now: () => now,
  };
  const cycle = createCycle({
    ...shared,
    source: {
      name: 'list',
      take: async () =>
        entries.map((entry, index) => ({
          ...detect(entry, now),
          done: () => void calls.push(`done ${index}`),
        })),
      close: async () => undefined,
    },
    session: {
      keep: async () => true,
      confirm: async () => 'held',
      doubt: () => void calls.push('doubt'),
      forget: () => void calls.push('forget'),
      active: () => true,
      signOut: async () => undefined,
      close: async () => undefined,
      ...session,
    },
    execution: createExecution({ ...shared, lookAgainMs: 0 }),
    rules: {
      symbols: ['MCL'],
      maxQuantity: 5,
      maxDailyTrades: 3,
      maxDailyLoss: 50,
      maxOpenPositions: 5,
      maxSignalAgeMs: 60_000,
    },
    market,
  });
  const close = () => {
    memory.close();
    paper.close();
  };
  return { cycle, paper, memory, beats, events, calls, close };
};
const buy = (id: string, more: object = {}) => ({
  id,
  symbol: 'MCL',
  direction: 'buy',
  quantity: 1,
  tp: 52,
  sl: 48,
  ...more,
});

test('a signal is traded once, in this run and in the next', async () => {
  const first = open({ entries: [buy('a'), buy('a')] });
  expect(await first.cycle(forever)).toMatchObject({ kind: 'complete', signals: 1, trades: 1 });
  expect(await first.cycle(forever)).toMatchObject({ kind: 'complete', signals: 0, trades: 0 });
  first.close();
  const next = open({ entries: [buy('a')] });
  expect(await next.cycle(forever)).toMatchObject({ kind: 'complete', signals: 0, trades: 0 });
  expect(await next.paper.openPositions()).toBe(1);
  expect(next.calls, 'it is cleared away at the source').toEqual(['done 0']);
  next.close();
});

test('each step beats before it, and the rejected say why', async () => {
  const { cycle, beats, close } = open({ entries: [buy('a'), buy('b', { quantity: 9 }), { id: 'c' }] });
  await cycle(forever);
  expect(beats).toEqual([
    '⏳ Signal detection',
    '✅ Signal detected - buy 1 MCL',
    '⏳ Heartbeat active - Signal validation in progress',
    '✅ Signal accepted',
    '⏳ Trade execution - buy 1 MCL',
    '✅ Trade executed - buy 1 MCL at 50.01',
    '✅ Signal detected - buy 9 MCL',
    '⏳ Heartbeat active - Signal validation in progress',
    '✅ Signal rejected - quantity 9 is above the limit of 5',
    expect.stringMatching(/^✅ Signal rejected - it cannot be read: symbol/),
  ]);
  close();
});

test('the trades of a day are counted over restarts', async () => {
  const first = open({ entries: [buy('a'), buy('b')] });
  await first.cycle(forever);
  first.close();
  const next = open({ entries: [buy('c'), buy('d')] });
  expect(await next.cycle(forever)).toMatchObject({ kind: 'complete', signals: 2, trades: 1 });
  expect(next.beats).toContain('✅ Signal rejected - 3 of 3 trades are done today');
  next.close();
});

test('while the market is closed nothing is traded', async () => {
  now = Date.UTC(2026, 0, 3, 12);
  const { cycle, beats, close } = open({ entries: [buy('a')], market: 'cme' });
  expect(await cycle(forever)).toMatchObject({ trades: 0 });
  expect(beats).toContain('✅ Signal rejected - the market is closed');
  close();
});

test('without a session no signal is taken, and one that was accepted waits for it', async () => {
  const none = open({ entries: [buy('a')], session: { keep: async () => false } });
  expect(await none.cycle(forever)).toEqual({ kind: 'waiting' });
  expect(none.beats).toEqual([]);
  none.close();
  const lost = open({ entries: [buy('a')], session: { confirm: async () => 'none' } });
  expect(await lost.cycle(forever)).toEqual({ kind: 'waiting' });
  expect(lost.memory.signals.seen('id:a')).toBe(false);
  expect(lost.calls).toEqual([]);
  lost.close();
});

test('a signal that grew too old while the bot signed in is not traded', async () => {
  const confirm = async () => {
    now += 61_000;
    return 'renewed' as const;
  };
  const { cycle, paper, beats, close } = open({
    entries: [buy('a', { timestamp: now })],
    session: { confirm },
  });
  expect(await cycle(forever)).toMatchObject({ signals: 1, trades: 0 });
  expect(beats.at(-1)).toBe('✅ Signal rejected - it is 61 s old, at most 60 s are allowed');
  expect(await paper.openPositions()).toBe(0);
  close();
});

test('a stop between two signals leaves the second to the next start', async () => {
  const stop = new AbortController();
  const entries = [buy('a'), buy('b')];
  const { cycle, memory, close } = open({
    entries,
    session: {
      confirm: async () => {
        queueMicrotask(() => stop.abort());
        return 'held';
      },
    },
  });
  await cycle(stop.signal);
  expect(memory.signals.seen('id:b')).toBe(false);
  close();
});

test('a signal that was traded long ago and is still in its source is neither forgotten nor traded again', async () => {
  const { cycle, memory, close } = open({ entries: [buy('a')] });
  await cycle(forever);
  for (let month = 0; month < 30; month += 1) {
    now += 30 * day;
    memory.signals.forget(now - 90 * day);
    expect(await cycle(forever)).toMatchObject({ kind: 'complete', signals: 0, trades: 0 });
  }
  expect(memory.orders.list()).toHaveLength(1);
  close();
});

test('a rejected signal that is still in its source is told once, and not each quarter', async () => {
  const { cycle, memory, events, close } = open({ entries: [buy('a', { quantity: 9 })] });
  for (let month = 0; month < 8; month += 1) {
    await cycle(forever);
    now += 30 * day;
    memory.signals.forget(now - 90 * day);
  }
  expect(events.map(({ kind }) => kind)).toEqual(['signal-rejected']);
  close();
});

test('a signal that comes back after it was forgotten is not ordered twice, and does not stop the others', async () => {
  const first = open({ entries: [buy('a')] });
  await first.cycle(forever);
  first.memory.signals.forget(now + 1);
  first.close();
  const next = open({ entries: [buy('a'), buy('b')] });
  expect(await next.cycle(forever)).toMatchObject({ kind: 'complete', signals: 1, trades: 1 });
  expect(next.memory.orders.list()).toHaveLength(2);
  next.close();
});

test('trouble with one signal is an error of the cycle, after the others had their turn', async () => {
  const price = async (symbol: string) => {
    if (symbol === 'BAD') throw new Error('no price of BAD');
    return 50;
  };
  const { cycle, memory, calls, close } = open({
    entries: [buy('a', { symbol: 'BAD' }), buy('b')],
    broken: { price },
  });
  await expect(cycle(forever)).rejects.toThrow('no price of BAD');
  expect(memory.signals.seen('id:a')).toBe(false);
  expect(memory.signals.seen('id:b')).toBe(true);
  expect(calls).toContain('doubt');
  close();
});

test('while an order is in hand no other signal is traded', async () => {
  const place = () => Promise.reject(new Error('no answer'));
  const { cycle, memory, close } = open({ entries: [buy('a'), buy('b')], broken: { place } });
  await expect(cycle(forever)).rejects.toThrow('no answer');
  expect(memory.signals.seen('id:b')).toBe(false);
  close();
});

test('a broker that shows another page has ended the session: no error, but a new sign-in', async () => {
  const price = () => Promise.reject(new SessionGoneError('gone'));
  const { cycle, calls, close } = open({ entries: [buy('a')], broken: { price } });
  expect(await cycle(forever)).toEqual({ kind: 'waiting' });
  expect(calls).toEqual(['forget']);
  close();
});

test('any other trouble makes the session doubtful and is an error of the cycle', async () => {
  const price = () => Promise.reject(new Error('no network'));
  const { cycle, calls, close } = open({ entries: [buy('a')], broken: { price } });
  await expect(cycle(forever)).rejects.toThrow('no network');
  expect(calls).toEqual(['doubt']);
  close();
});

test('the end of a cycle says what is held, and when its signals were asked for', async () => {
  const { cycle, close } = open({ entries: [buy('a', { quantity: 2 })] });
  expect(await cycle(forever)).toMatchObject({
    facts: {
      halted: null,
      exposure: { positions: [{ symbol: 'MCL', side: 'long', quantity: 2, stop: true }], pnlDay: 0 },
      feeds: { 'signals list': now },
    },
  });
  close();
});

test('a broker that does not show its positions is not taken for flat', async () => {
  const { cycle, close } = open({ broken: { positions: async () => null } });
  expect(await cycle(forever)).toMatchObject({ facts: { exposure: null } });
  close();
});

test('with its daily loss it halts itself, trades nothing more that day, and goes on the next', async () => {
  const { cycle, memory, beats, close } = open({ entries: [buy('a')] });
  memory.results.add('other account', { seq: 1, profit: -50 }, '2026-01-05');
  const result = await cycle(forever);
  expect(result).toMatchObject({ trades: 0, facts: { halted: 'daily loss limit: 50.00 of 50 lost' } });
  expect(beats).toContain('✅ Signal rejected - 50.00 are lost today, at most 50 may be');
  now += day;
  expect(await cycle(forever)).toMatchObject({ facts: { halted: null } });
  close();
});
