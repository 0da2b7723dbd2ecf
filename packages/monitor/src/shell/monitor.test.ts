import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createHeartbeat, defaultHealthPolicy } from '@sentinel/heartbeat-core';
import { describeTrouble, openRecords, openStore, type Records, type Store } from '@sentinel/history';
import type { Notification } from '@sentinel/notify';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pack } from '../core/kept-state.ts';
import { defaultRestartPolicy } from '../core/policy.ts';
import { initialState } from '../core/supervisor-state.ts';
import { startMonitor } from './monitor.ts';
import type { BotOptions, Monitor } from './options.ts';
import { monitorClock } from './ports/clock.ts';

let folder: string;
let records: Records;
let monitor: Monitor;
const told: Notification[] = [];
const soon = { timeout: 15_000, interval: 50 };

beforeEach(() => {
  told.length = 0;
  folder = mkdtempSync(join(tmpdir(), 'sentinel-monitor-'));
  records = openRecords(join(folder, 'sentinel.db'));
});
afterEach(async () => {
  await monitor.stop();
  for (const store of stores.splice(0)) store.close();
  records.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = () => join(folder, 'heartbeat_status.txt');
const bot = (name: string, maxAgeMs: number, path = file()): BotOptions => ({
  name,
  file: path,
  health: { ...defaultHealthPolicy, maxAgeMs },
  restart: { ...defaultRestartPolicy, enabled: false, graceMs: 0 },
  marketHours: null,
});
const stores: Store[] = [];
const store = (name = 'sentinel.db') => {
  const opened = openStore(join(folder, name), { restMs: 0, lockWaitMs: 10 });
  stores.push(opened);
  return opened;
};
/** Another process locks the journal, until what this gives is called. */
const lockJournal = () => {
  const other = new DatabaseSync(join(folder, 'sentinel.db'));
  other.exec('BEGIN IMMEDIATE');
  return () => {
    other.exec('ROLLBACK');
    other.close();
  };
};
const start = (
  maxAgeMs: number,
  bots = [bot('bot', maxAgeMs)],
  more: Partial<Parameters<typeof startMonitor>[0]> = {},
) =>
  startMonitor({
    bots,
    intervalMs: 60_000,
    store: store(),
    notifier: { notify: (notification: Notification) => void told.push(notification) },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    ...more,
  });

test('an outage is in the journal from its first beat missed to the beat that ends it', async () => {
  const heartbeat = createHeartbeat({ file: file() });
  heartbeat.update('✅ On', true);
  monitor = start(1000);
  await vi.waitFor(
    () => expect(records.incidents({ limit: 5 })).toMatchObject([{ state: 'stale', endedAt: null }]),
    soon,
  );
  heartbeat.update('✅ Back', true);
  await vi.waitFor(() => expect(records.incidents({ limit: 5 })[0]?.endedAt).not.toBeNull(), soon);
  const [incident] = records.incidents({ limit: 5 });
  expect(incident?.notes.map(({ kind }) => kind)).toEqual(['unhealthy', 'recovered']);
  const states = records.beats({ limit: 9 }).map(({ state, status }) => `${state} ${status}`);
  expect(states).toEqual(['healthy ✅ Back', 'stale ✅ On', 'healthy ✅ On']);
  expect(records.getState('supervision:bot')).toMatchObject({
    restartsLeft: null,
    pausedUntil: null,
    maxAgeMs: 1000,
    maxStallMs: null,
    closure: null,
  });
});

test.each([
  ['a link to itself', (path: string) => path, (path: string) => symlinkSync(path, path)],
  ['one below a file', dirname, (path: string) => writeFileSync(dirname(path), '')],
])('a status file that has become %s is told, and the other bots are watched on', async (_, what, spoil) => {
  const spoiled = join(folder, 'other', 'status.txt');
  createHeartbeat({ file: spoiled }).update('✅ On', true);
  createHeartbeat({ file: file() }).update('✅ On', true);
  const error = vi.fn<(line: string) => void>();
  const log = { info: () => {}, warn: () => {}, error };
  monitor = start(0, [bot('spoiled', 60_000, spoiled), bot('well', 3000)], { log, intervalMs: 500 });
  await vi.waitFor(() => expect(records.beats({ limit: 9 })).toHaveLength(2), soon);
  rmSync(what(spoiled), { recursive: true });
  spoil(spoiled);
  await vi.waitFor(() => {
    expect(told).toContainEqual(
      expect.objectContaining({ kind: 'unhealthy', bot: 'spoiled', state: 'unknown' }),
    );
    expect(told).toContainEqual(expect.objectContaining({ kind: 'unhealthy', bot: 'well', state: 'stale' }));
  }, soon);
  expect(error.mock.calls.filter(([line]) => line.startsWith('A look at'))).toEqual([]);
});

test('a fault at one bot is told and counted once, and the other bots are watched on', async () => {
  const spoiled = join(folder, 'other', 'status.txt');
  createHeartbeat({ file: spoiled }).update('✅ boom', true);
  createHeartbeat({ file: file() }).update('✅ On', true);
  const clean = (text: string) => {
    if (text.includes('boom')) throw new RangeError('Maximum call stack size exceeded');
    return text;
  };
  monitor = start(0, [bot('spoiled', 60_000, spoiled), bot('well', 3000)], { clean, intervalMs: 200 });
  await vi.waitFor(
    () => expect(told).toContainEqual(expect.objectContaining({ kind: 'unhealthy', bot: 'well' })),
    soon,
  );
  const faults = told.filter(({ kind }) => kind === 'custom');
  expect(faults).toMatchObject([
    { bot: 'spoiled', severity: 'critical', title: 'spoiled cannot be looked at' },
  ]);
  await vi.waitFor(() => expect(records.failedChecks('spoiled')).toBe(1), soon);
});

test('a pause that was ordered holds alerts back until it is ended', async () => {
  const heartbeat = createHeartbeat({ file: file() });
  records.addOrder({ bot: 'bot', at: Date.now(), kind: 'pause', by: 'ann', args: { minutes: 5 } });
  monitor = start(300);
  heartbeat.update('✅ On', true);
  await vi.waitFor(() => expect(records.beats({ limit: 1 })[0]?.state).toBe('stale'), soon);
  expect(told.map(({ kind }) => kind)).toEqual(['paused']);
  expect(records.pendingOrders('bot')).toEqual([]);
  records.addOrder({ bot: 'bot', at: Date.now(), kind: 'resume', by: 'ann', args: {} });
  await vi.waitFor(
    () => expect(told.map(({ kind }) => kind)).toEqual(['paused', 'resumed', 'unhealthy']),
    soon,
  );
});

test('an order that nobody can read is refused and told, and the others are carried out', async () => {
  const broken = records.addOrder({ bot: 'bot', at: Date.now(), kind: 'pause', by: 'ann', args: {} });
  const database = new DatabaseSync(join(folder, 'sentinel.db'));
  database.prepare("UPDATE orders SET args = '{' WHERE id = ?").run(broken);
  database.close();
  const lines: string[] = [];
  const log = { info: () => {}, warn: (line: string) => void lines.push(line), error: () => {} };
  monitor = start(60_000, undefined, { log });
  records.addOrder({ bot: 'bot', at: Date.now(), kind: 'test-alert', by: 'ann', args: {} });
  await vi.waitFor(() => expect(records.pendingOrders('bot')).toEqual([]), soon);
  expect(records.orderResult(broken)).toMatch(/^refused: it cannot be read/);
  expect(told.filter(({ kind }) => kind === 'test')).toHaveLength(1);
  expect(lines.filter((line) => line.includes(`Command ${broken} `))).toHaveLength(1);
});

test('an order with a number that nobody can hold is refused and told, and the others are carried out', async () => {
  const lines: string[] = [];
  const store = openStore(join(folder, 'sentinel.db'));
  store.listen((trouble) => lines.push(describeTrouble(trouble)));
  monitor = start(60_000, undefined, { store });
  const database = new DatabaseSync(join(folder, 'sentinel.db'));
  const add = database.prepare("INSERT INTO orders VALUES (?, ?, ?, 'pause', 'eve', '{}', NULL, NULL)");
  add.run(9223372036854775807n, 'bot', 1);
  add.run(null, 'another', 2n ** 53n + 1n);
  database.close();
  const id = records.addOrder({ bot: 'bot', at: Date.now(), kind: 'test-alert', by: 'ann', args: {} });
  await vi.waitFor(() => expect(records.orderResult(id)).toBe('done'), soon);
  expect(lines.filter((line) => line.includes('pause by eve for another'))).toHaveLength(1);
  await monitor.stop();
  store.close();
});

test('a test alert that was ordered is sent once, and a restart without a command is refused', async () => {
  monitor = start(60_000);
  for (const kind of ['test-alert', 'restart'])
    records.addOrder({ bot: 'bot', at: Date.now(), kind, by: 'ann', args: {} });
  await vi.waitFor(() => expect(records.pendingOrders('bot')).toEqual([]), soon);
  expect(told.filter(({ kind }) => kind === 'test')).toEqual([{ kind: 'test', bot: 'bot', by: 'ann' }]);
});

test('a second monitor on one file is refused, and is told who the first is', () => {
  monitor = start(60_000);
  expect(() => start(60_000)).toThrow(String(process.pid));
});

test('reconfigure: bots come and go, one whose options changed keeps its incident, and what cannot be watched changes nothing', async () => {
  const second = join(folder, 'second.txt');
  createHeartbeat({ file: file() }).update('✅ On', true);
  createHeartbeat({ file: second }).update('✅ On', true);
  monitor = start(300);
  await vi.waitFor(() => expect(told.map(({ kind }) => kind)).toEqual(['unhealthy']), soon);
  const names = () => monitor.views().map(({ name }) => name);

  // Ill under the new maximum age too: a look may be made before the next line.
  await monitor.reconfigure([bot('two', 60_000, second), bot('bot', 200)]);
  expect(names()).toEqual(['two', 'bot']);
  expect(monitor.views()[1]?.incidentSince).not.toBeNull();

  const elsewhere = startMonitor({
    bots: [bot('other', 60_000, join(folder, 'third.txt'))],
    intervalMs: 60_000,
    store: store('other.db'),
    notifier: { notify: () => {} },
    log: { info: () => {}, warn: () => {}, error: () => {} },
  });
  await expect(monitor.reconfigure([bot('three', 60_000, join(folder, 'third.txt'))])).rejects.toThrow(
    String(process.pid),
  );
  await expect(monitor.reconfigure([bot('two', 1, second), bot('two', 1)])).rejects.toThrow(RangeError);
  await elsewhere.stop();
  expect(names()).toEqual(['two', 'bot']);

  await monitor.reconfigure([bot('two', 60_000, second)]);
  expect(names()).toEqual(['two']);
  // Whoever was told to wait for the next message gets one.
  expect(told.at(-1)).toMatchObject({ kind: 'custom', bot: 'bot', title: 'bot is no longer watched' });
  // The file that was let go is free for another monitor, and its incident was told of once.
  await monitor.reconfigure([bot('two', 60_000, second), bot('bot', 60_000)]);
  expect(names()).toEqual(['two', 'bot']);
  expect(told.filter(({ kind }) => kind === 'unhealthy')).toHaveLength(1);
});

test('reconfigure: two changes at once are made one after the other, and the last one holds', async () => {
  const [second, third] = ['second.txt', 'third.txt'].map((name) => join(folder, name));
  monitor = start(60_000);
  await Promise.all([
    monitor.reconfigure([bot('two', 60_000, second)]),
    monitor.reconfigure([bot('two', 50_000, second), bot('three', 60_000, third)]),
    monitor.reconfigure([bot('three', 60_000, third), bot('bot', 60_000)]),
  ]);
  expect(monitor.views().map(({ name }) => name)).toEqual(['three', 'bot']);
  // The file that was let go is free.
  await monitor.reconfigure([bot('two', 60_000, second)]);
});

test('what is asked of a bot is in the journal, for whoever else judges it', async () => {
  const hours = { timeZone: 'UTC', weeklyClosures: [{ from: 'Mon 00:00', to: 'Mon 00:01' }] };
  monitor = start(60_000, [{ ...bot('bot', 60_000), marketHours: hours }]);
  await vi.waitFor(
    () =>
      expect(records.getState('supervision:bot')).toMatchObject({
        maxAgeMs: 60_000,
        closure: { from: expect.any(Number), to: expect.any(Number) },
      }),
    soon,
  );
});

test('what a journal could not take for a while is written when it can be: state, incident and notes', async () => {
  const heartbeat = createHeartbeat({ file: file() });
  heartbeat.update('✅ On', true);
  monitor = start(1000);
  await vi.waitFor(() => expect(records.getState('monitor:bot')).toBeDefined(), soon);
  // However long the start took: the bot is well when the journal is locked.
  heartbeat.update('✅ On', true);
  const free = lockJournal();
  await vi.waitFor(() => expect(told.map(({ kind }) => kind)).toEqual(['unhealthy']), soon);
  expect(records.incidents({ limit: 5 })).toEqual([]);
  free();
  await vi.waitFor(() => expect(records.incidents({ limit: 5 })).toHaveLength(1), soon);
  expect(records.incidents({ limit: 5 })[0]?.notes.map(({ kind }) => kind)).toEqual(['unhealthy']);
  expect(records.getState('monitor:bot')).toMatchObject({ phase: 'down' });
  expect(told).toHaveLength(1);
});

test('an incident that began before there was a journal is written with its own reason once there is one', async () => {
  const heartbeat = createHeartbeat({ file: file() });
  const free = lockJournal();
  monitor = start(300);
  // However long the start takes on a slow machine: it is seen healthy once.
  await vi.waitFor(() => {
    heartbeat.update('✅ On', true);
    expect(monitor?.views()).toMatchObject([{ state: 'healthy' }]);
  }, soon);
  await vi.waitFor(() => expect(told.map(({ kind }) => kind)).toEqual(['unhealthy']), soon);
  free();
  await vi.waitFor(() => expect(records.incidents({ limit: 5 })).toHaveLength(1), soon);
  expect(records.incidents({ limit: 5 })).toMatchObject([
    { state: 'stale', reason: expect.stringContaining('no beat'), notes: [{ kind: 'unhealthy' }] },
  ]);
  expect(records.beats({ limit: 2 }).map(({ state }) => state)).toEqual(['stale', 'healthy']);
});

test('a stall is in the journal with its beginning, a monitor that starts anew goes on from there, and work ends it', async () => {
  const heartbeat = createHeartbeat({ file: file() });
  heartbeat.update('✅ On', { sessionActive: true, progress: 7 });
  const stuck = { ...bot('bot', 60_000), health: { ...defaultHealthPolicy, maxStallMs: 500 } };
  monitor = start(60_000, [stuck]);
  await vi.waitFor(() => expect(records.openStall('bot')).not.toBeNull(), soon);
  const from = records.openStall('bot')?.from ?? 0;
  expect(told).toMatchObject([{ kind: 'unhealthy', state: 'stuck' }]);
  await monitor.stop();
  monitor = start(60_000, [stuck]);
  heartbeat.update('✅ On', { sessionActive: true, progress: 7 });
  await vi.waitFor(() => expect(monitor.views()[0]?.reason).toContain('no work'), soon);
  await vi.waitFor(() => expect(records.openStall('bot')?.to).toBeGreaterThan(from + 500), soon);
  expect(Math.abs((records.openStall('bot')?.from ?? 0) - from)).toBeLessThan(100);
  heartbeat.update('✅ On', { sessionActive: true, progress: 8 });
  await vi.waitFor(() => expect(told.at(-1)?.kind).toBe('recovered'), soon);
  await vi.waitFor(() => expect(records.stalls('bot')).toMatchObject([{ open: false }]), soon);
});

test('as its parent it starts no bot outside the budget, and an incident ends that was open before its own start', async () => {
  const now = Date.now();
  const restart = { ...defaultRestartPolicy, most: 2 };
  records.setState('monitor:bot', {
    ...pack(initialState(now, 0)),
    phase: 'exhausted',
    exhausted: true,
    incidentSince: now - 60_000,
    restarts: [now - 50_000, now - 40_000],
  });
  const started = join(folder, 'started');
  const command = `touch "${started}"`;
  // The beat names this very process, which a monitor never ends: the command does it by itself.
  monitor = start(60_000, [
    { ...bot('bot', 60_000), restart, command, commandEndsBot: true, supervise: true },
  ]);
  await vi.waitFor(() => expect(records.beats({ limit: 1 })).toHaveLength(1), soon);
  expect(monitor.views()).toMatchObject([{ phase: 'exhausted', restartsLeft: 0 }]);
  expect(existsSync(started)).toBe(false);
  createHeartbeat({ file: file() }).update('✅ Back', true);
  await vi.waitFor(() => expect(told.map(({ kind }) => kind)).toEqual(['recovered']), soon);
  expect(monitor.views()).toMatchObject([{ phase: 'up', incidentSince: null }]);
});

test('as its parent it restarts a bot that the monitor before has ended in an incident, and counts that', async () => {
  const now = Date.now();
  createHeartbeat({ file: file() }).update('✅ Stopped as planned', { stopped: true, sessionActive: false });
  records.setState('monitor:bot', {
    ...pack(initialState(now, 0)),
    phase: 'settling',
    flapping: true,
    settleUntil: now + 60_000,
    incidentSince: now - 60_000,
    restarts: [now - 50_000],
  });
  const started = join(folder, 'started');
  const restart = { ...defaultRestartPolicy, most: 3 };
  const command = `touch "${started}"`;
  // The beat names this very process, which a monitor never ends: the command does it by itself.
  monitor = start(60_000, [
    { ...bot('bot', 60_000), restart, command, commandEndsBot: true, supervise: true },
  ]);
  await vi.waitFor(() => expect(existsSync(started)).toBe(true), soon);
  expect(told.map(({ kind }) => kind)).toEqual(['restart-attempted']);
  expect(monitor.views()).toMatchObject([{ phase: 'restarting', restartsLeft: 1 }]);
});

test('orders are taken after a wall clock that was set back, and one that was withdrawn is not', async () => {
  const backMs = 2 * 3_600_000;
  const clock = {
    ...monitorClock,
    now: () => Date.now() + backMs,
    wall: () => Date.now(),
  };
  const withdrawn = records.addOrder({
    bot: 'bot',
    at: Date.now(),
    kind: 'pause',
    by: 'ann',
    args: { minutes: 5 },
  });
  records.finishOrder(withdrawn, Date.now(), 'withdrawn: no monitor took it');
  const order = records.addOrder({ bot: 'bot', at: Date.now(), kind: 'test-alert', by: 'ann', args: {} });
  monitor = start(60_000, undefined, { clock });
  await vi.waitFor(() => expect(records.orderResult(order)).toBe('done'), soon);
  expect(told.map(({ kind }) => kind)).toContain('test');
  expect(told.map(({ kind }) => kind)).not.toContain('paused');
});
