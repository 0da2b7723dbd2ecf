import { expect, test } from 'vitest';
import { readMessage } from '../core/message.ts';
import { type HostRow, hear } from '../core/table.ts';
import type { FleetClock } from './clock.ts';
import type { Shared } from './shared.ts';
import { startSharing } from './sharing.ts';

/** Time that stands still until it is asked to go on. */
const createClock = () => {
  let at = 0;
  const waiting = new Set<{ readonly until: number; readonly done: () => void }>();
  const clock: FleetClock = {
    now: () => at,
    wall: () => at,
    every: () => () => {},
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const one = { until: at + ms, done: resolve };
        if (signal?.aborted === true) resolve();
        else waiting.add(one);
        signal?.addEventListener('abort', () => resolve());
      }),
  };
  const goOn = async (ms: number) => {
    for (const end = at + ms; at < end; at += 100) {
      for (const one of waiting) if (one.until <= at && waiting.delete(one)) one.done();
      await new Promise(setImmediate);
    }
  };
  return { clock, goOn };
};

const rowOf = (host: string): HostRow => {
  const message = { v: 1, boot: 'boot', life: host, n: 1, whole: 1, bots: [] };
  return hear(undefined, readMessage(new TextEncoder().encode(JSON.stringify(message))), 0);
};

test('a host that is new is among what observers share two seconds later, and those that come with it at once', async () => {
  const kept = new Map<string, unknown>();
  let asked = 0;
  const shared: Partial<Shared> = {
    each: async (_, take) => {
      asked += 1;
      for (const [key, value] of kept) take(key, value);
    },
    all: async () => new Map(),
    before: async () => [],
    put: async (key, value) => void kept.set(key, value),
  };
  const table = new Map<string, HostRow>();
  const { clock, goOn } = createClock();
  const sharing = startSharing({
    ...{ observer: 'o1', shared: shared as Shared, table, maxAgeMs: 10_000, clock },
    incidents: { get: () => new Map(), set: () => {} },
    ...{ isDeaf: () => false, isClosed: () => false, isMine: () => true },
    log: { info: () => {}, warn: () => {} },
  });
  await goOn(30_000);
  expect(asked, 'nobody is new: once at the start').toBe(1);
  for (const host of ['vps1', 'vps2']) {
    table.set(host, rowOf(host));
    sharing.heardNewHost();
    await goOn(500);
  }
  await goOn(2000);
  expect([...kept.keys()]).toEqual(['roster.vps1', 'roster.vps2']);
  expect(asked).toBe(2);
  await sharing.stop();
});
