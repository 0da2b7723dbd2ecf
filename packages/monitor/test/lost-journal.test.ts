import { mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHeartbeat, defaultHealthPolicy } from '@sentinel/heartbeat-core';
import { openRecords, openStore } from '@sentinel/history';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { pack } from '../src/core/kept-state.ts';
import { type BotOptions, defaultRestartPolicy, initialState, startMonitor } from '../src/index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-lost-journal-'));
});
const soon = { timeout: 20_000, interval: 50 };
const database = () => join(folder, 'sentinel.db');

/** What the journal holds, read by somebody else: all that a monitor which is killed now leaves behind. */
const left = <T>(ask: (records: ReturnType<typeof openRecords>) => T): T => {
  const records = openRecords(database(), { readOnly: true });
  try {
    return ask(records);
  } finally {
    records.close();
  }
};

const bot = (name: string): BotOptions => {
  const file = join(folder, name);
  createHeartbeat({ file }).update(`✅ ${name} is on`, true);
  return { name, file, health: defaultHealthPolicy, restart: defaultRestartPolicy, marketHours: null };
};

/** A monitor that follows one that has left an incident with spent restarts, a pause, and a process group. */
const watch = async () => {
  const now = Date.now();
  const before = openRecords(database());
  const spent = {
    phase: 'exhausted',
    exhausted: true,
    incidentSince: now - 60_000,
    restarts: [now - 50_000],
  };
  before.setState('monitor:dead', { ...pack(initialState(now, 0)), ...spent });
  before.setState('group:dead', { group: 7 });
  before.openIncident({ bot: 'dead', at: now - 55_000, state: 'stale', reason: 'no beat for 312 s' });
  before.setState('monitor:paused', {
    ...pack(initialState(now, 0)),
    phase: 'up',
    pausedUntil: now + 600_000,
  });
  before.close();
  const bots = [bot('paused'), { ...bot('dead'), file: join(folder, 'nothing') }];
  const store = openStore(database(), { restMs: 0 });
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const monitor = startMonitor({ bots, intervalMs: 60_000, store, notifier: { notify: () => {} }, log });
  onTestFinished(async () => {
    await monitor.stop();
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  await vi.waitFor(() => expect(left((records) => records.beats({ limit: 5 }))).toHaveLength(2), soon);
  return { store, now };
};

const expectAll = (now: number) => {
  const known = left((records) => ({
    dead: records.getState('monitor:dead'),
    group: records.getState('group:dead'),
    paused: records.getState('monitor:paused'),
    process: records.getState('process:paused'),
    watched: records.getState('supervision:paused'),
    alive: records.getState('monitor-alive:paused'),
    incidents: records.incidents({ limit: 5 }),
    beats: records.beats({ bot: 'paused', limit: 5 }),
  }));
  expect(known).toMatchObject({
    dead: { phase: 'exhausted', exhausted: true, incidentSince: now - 60_000, restarts: [now - 50_000] },
    group: { group: 7 },
    paused: { pausedUntil: now + 600_000 },
    process: { record: { pid: process.pid } },
    watched: { monitor: 'paused', pausedUntil: now + 600_000 },
    alive: expect.any(Number),
    incidents: [
      { bot: 'dead', startedAt: now - 55_000, endedAt: null, state: 'stale', reason: 'no beat for 312 s' },
    ],
    beats: [{ state: 'healthy', status: '✅ paused is on' }],
  });
};

test('a damaged journal is set aside, and the new one knows every bot at once: a monitor killed right then forgets nothing', async () => {
  const { store, now } = await watch();
  const garbage = join(folder, 'garbage');
  writeFileSync(garbage, 'this was a journal once\n'.repeat(500));
  renameSync(garbage, database());
  // Whoever meets the damage first: here it is not the monitor.
  store.transact((records) => records.prune(0), undefined);
  expect(readdirSync(folder).some((name) => name.includes('.corrupt-'))).toBe(true);
  expectAll(now);
});

test('a journal that was removed is followed by one that knows every bot, before any of them takes a step', async () => {
  const { now } = await watch();
  for (const name of readdirSync(folder).filter((each) => each.startsWith('sentinel.db')))
    rmSync(join(folder, name));
  await vi.waitFor(() => expectAll(now), soon);
});
