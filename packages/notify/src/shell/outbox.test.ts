import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openStore, type Store } from '@sentinel/history';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mostHeld } from './held-alerts.ts';
import { Outbox } from './outbox.ts';

let folder: string;
let store: Store;
let lines: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-outbox-'));
  // No folder can be made where a file stands.
  writeFileSync(join(folder, 'blocked'), 'a file');
  store = openStore(join(folder, 'blocked', 'outbox.db'), { restMs: 0 });
  lines = [];
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const slack = { name: 'slack', pace: { betweenMs: 0, mostSingle: 10, mostTogether: 100 } };
const row = {
  name: 'slack',
  urlHash: '',
  deadSince: null,
  deadReason: null,
  nextAt: 0,
  lastSentAt: null,
  lastFailure: null,
};

test('without a disk the newest are kept in memory, and what was dropped is said', () => {
  const outbox = new Outbox(store, (line) => lines.push(line));
  const add = (body: string, at: number) => outbox.add(body, at, ['slack'], () => {});
  for (let n = 0; n < mostHeld; n += 1) add(`alert ${n}`, n);
  expect(lines).toEqual([]);
  expect(outbox.next(slack)?.alerts[0]?.body).toBe('alert 0');
  for (let n = 0; n < 3; n += 1) add(`late ${n}`, n);
  expect(outbox.next(slack)?.alerts[0]?.body).toBe('alert 3');
  expect(lines).toEqual([expect.stringContaining('the oldest are dropped')]);

  rmSync(join(folder, 'blocked'));
  expect(outbox.next(slack)?.alerts[0]?.body).toBe('alert 3');
  expect(lines).toEqual([expect.anything(), expect.stringContaining('3 notifications were dropped')]);
  expect(store.transact((records) => records.alertsSince(0, 2 * mostHeld), [])).toHaveLength(mostHeld);
});

test('a process that starts while its journal is locked sends what waits there before its own alerts, and once', () => {
  rmSync(join(folder, 'blocked'));
  const before = new Outbox(store, () => {});
  before.add('the oldest', 0, ['slack'], () => {});
  store.close();
  const locking = new DatabaseSync(join(folder, 'blocked', 'outbox.db'));
  locking.exec('BEGIN EXCLUSIVE');
  store = openStore(join(folder, 'blocked', 'outbox.db'), { restMs: 0, lockWaitMs: 0 });
  const outbox = new Outbox(store, (line) => lines.push(line));
  outbox.add('news', 1, ['slack'], () => {});
  const batch = outbox.next(slack);
  expect(batch?.alerts.map(({ body }) => body)).toEqual(['the oldest']);
  if (batch !== null) outbox.finish('slack', batch, 'sent', 2, row);
  expect(outbox.next(slack)?.alerts.map(({ body }) => body)).toEqual(['news']);
  locking.exec('ROLLBACK');
  locking.close();
  expect(outbox.next(slack)?.alerts.map(({ body }) => body)).toEqual(['news']);
  const counts = store.transact((records) => records.countNotifications(), []);
  expect(counts).toEqual([{ channel: 'slack', result: 'sent', count: 1 }]);
});

test('what was sent from the disk is remembered through any number of messages from memory', () => {
  rmSync(join(folder, 'blocked'));
  const outbox = new Outbox(store, (line) => lines.push(line));
  outbox.add('on the disk', 0, ['slack'], () => {});
  const batch = outbox.next(slack);
  store.close();
  rmSync(join(folder, 'blocked'), { recursive: true });
  writeFileSync(join(folder, 'blocked'), 'a file');
  if (batch !== null) outbox.finish('slack', batch, 'sent', 0, row);
  for (let n = 0; n < mostHeld + 5; n += 1) {
    outbox.add(`alert ${n}`, n, ['slack'], () => {});
    const next = outbox.next(slack);
    if (next !== null) outbox.finish('slack', next, 'sent', 0, row);
  }
  rmSync(join(folder, 'blocked'));
  expect(outbox.next(slack)).toBeNull();
  const counts = store.transact((records) => records.countNotifications(), []);
  expect(counts).toEqual([{ channel: 'slack', result: 'sent', count: mostHeld + 6 }]);
});

/** Runs `work` while another process, a backup say, locks the journal. */
const whileLocked = (work: () => void) => {
  const other = new DatabaseSync(join(folder, 'locked.db'));
  other.exec('BEGIN EXCLUSIVE');
  work();
  other.exec('ROLLBACK');
  other.close();
};

const sendOne = (outbox: Outbox, channel: string): string | undefined => {
  const batch = outbox.next({ ...slack, name: channel });
  if (batch === null) return undefined;
  outbox.begin(channel, batch, row);
  outbox.finish(channel, batch, 'sent', 0, row);
  return batch.alerts.map(({ body }) => body).join();
};

test('what was raised before another process locked the journal is sent before what was raised since, and once', () => {
  store = openStore(join(folder, 'locked.db'), { restMs: 0, lockWaitMs: 1 });
  const outbox = new Outbox(store, (line) => lines.push(line));
  outbox.add('before', 2, ['slack'], () => {});
  expect(store.flush()).toBe(true);
  whileLocked(() => {
    outbox.add('since', 1, ['slack'], () => {});
    expect(sendOne(outbox, 'slack')).toBe('before');
    expect(outbox.usable()).toBe(false);
    expect(sendOne(outbox, 'slack')).toBe('since');
    expect(sendOne(outbox, 'slack')).toBeUndefined();
    outbox.add('last', 3, ['slack'], () => {});
  });
  expect(sendOne(outbox, 'slack')).toBe('last');
  expect(outbox.next(slack)).toBeNull();
  const counts = store.transact((records) => records.countNotifications(), []);
  expect(counts).toEqual([{ channel: 'slack', result: 'sent', count: 3 }]);
});

test('what is given to another channel while the journal is locked keeps its order there', () => {
  store = openStore(join(folder, 'locked.db'), { restMs: 0, lockWaitMs: 1 });
  const outbox = new Outbox(store, (line) => lines.push(line));
  outbox.add('first', 1, ['slack'], () => {});
  outbox.add('second', 2, ['slack'], () => {});
  expect(store.flush()).toBe(true);
  whileLocked(() => {
    outbox.add('third', 3, ['slack'], () => {});
    outbox.reroute('slack', 'mail', 4);
    expect(sendOne(outbox, 'slack')).toBeUndefined();
    expect(sendOne(outbox, 'mail')).toBe('first');
    expect(sendOne(outbox, 'mail')).toBe('second');
  });
  expect(sendOne(outbox, 'mail')).toBe('third');
  expect(outbox.next({ ...slack, name: 'mail' })).toBeNull();
  expect(outbox.next(slack)).toBeNull();
});
