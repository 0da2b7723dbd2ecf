import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecords } from '@sentinel/history';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openJournalStore } from './journal.ts';

const day = 24 * 60 * 60_000;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-journal-'));
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

test('a monitor that runs for months forgets old beats and orders each day, and no incident', () => {
  const file = join(folder, 'sentinel.db');
  const journal = openJournalStore(file, () => {});
  const records = openRecords(file);
  try {
    const at = Date.now();
    const beat = { at, state: 'healthy', status: '✅ On', sessionActive: true, instance: null, ageMs: 0 };
    records.addBeat({ bot: 'bot', ...beat });
    const order = records.addOrder({ bot: 'bot', at, kind: 'resume', by: 'ann', args: {} });
    records.finishOrder(order, at, 'done');
    const waiting = records.addOrder({ bot: 'bot', at, kind: 'pause', by: 'ann', args: {} });
    records.closeIncident(records.openIncident({ bot: 'bot', at, state: 'stale', reason: 'silent' }), at);
    vi.advanceTimersByTime(99 * day);
    expect([records.beats({ limit: 9 }).length, records.orderResult(order)]).toEqual([1, 'done']);
    vi.advanceTimersByTime(2 * day);
    expect([records.beats({ limit: 9 }).length, records.orderResult(order)]).toEqual([0, null]);
    expect(records.pendingOrders('bot').map(({ id }) => id)).toEqual([waiting]);
    expect(records.incidents({ limit: 9 })).toHaveLength(1);
  } finally {
    records.close();
    journal.close();
  }
  expect(vi.getTimerCount()).toBe(0);
});

test('a secret that an earlier version has kept is struck out of every text, for whoever reads it next', () => {
  const file = join(folder, 'sentinel.db');
  const secret = 'http://hook.example/s/"hunter 22"';
  const [at, bot] = [Date.now(), 'bot'];
  const text = `posted to ${secret} and ${encodeURIComponent(secret)}`;
  const records = openRecords(file);
  const beat = { at, state: 'healthy', sessionActive: true, instance: null, ageMs: 0 };
  records.addBeat({ bot, ...beat, status: text });
  const incident = records.openIncident({ bot, at, state: 'stale', reason: text });
  records.noteIncident(incident, { at, kind: 'alert', text });
  const order = records.addOrder({ bot, at, kind: 'pause', by: text, args: { minutes: 5, reason: text } });
  records.addAlert({ key: 'waits', at, body: JSON.stringify({ bot, kind: 'custom', text }) }, ['slack']);
  records.setState(`monitor:${bot}`, { unsafeTold: text });
  records.setState(`process:${bot}`, { search: { of: text } });
  const said: string[] = [];
  const journal = openJournalStore(file, (line) => said.push(line), [secret]);
  try {
    const clean = 'posted to [redacted] and [redacted]';
    expect(records.beats({ limit: 1 })[0]?.status).toBe(clean);
    expect(records.incidents({ limit: 1 })[0]).toMatchObject({ reason: clean, notes: [{ text: clean }] });
    const expected = { id: order, kind: 'pause', by: clean, args: { minutes: 5, reason: clean } };
    expect(records.pendingOrders(bot)).toEqual([expect.objectContaining(expected)]);
    const [waiting] = records.alertsSince(0, 9);
    expect(JSON.parse(waiting?.body ?? '')).toEqual({ bot, kind: 'custom', text: clean });
    expect(records.getState(`monitor:${bot}`)).toEqual({ unsafeTold: clean });
    // The bot is found again by this, and nobody is shown it.
    expect(records.getState(`process:${bot}`)).toEqual({ search: { of: text } });
    expect(said).toEqual([expect.stringMatching(/in 7 texts: they were removed/)]);
    vi.advanceTimersByTime(day);
    expect(said).toHaveLength(1);
  } finally {
    records.close();
    journal.close();
  }
});
