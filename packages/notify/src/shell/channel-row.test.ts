import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, systemClock } from '@sentinel/history';
import { expect, test } from 'vitest';
import { createChannelRow } from './channel-row.ts';

test('a dead channel that the journal of an earlier version knows is known, and one with another address is not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-channel-'));
  const store = openStore(join(folder, 'outbox.db'));
  // As the first version wrote it: the beginning of the SHA-256 of the address.
  const urlHash = '100680ad546ce6a577f42f52df33b4cf';
  const dead = { deadSince: 5, deadReason: 'HTTP 404 no_service' };
  const row = { name: 'slack', urlHash, ...dead, nextAt: 7, lastSentAt: null, lastFailure: null };
  store.transact((records) => records.setChannel(row), undefined);
  const rowOf = (url: string) =>
    createChannelRow({ channel: { name: 'slack', secrets: [url] }, store, clock: systemClock }).get();
  expect(rowOf('https://example.com')).toMatchObject(dead);
  expect(rowOf('https://example.org')).toMatchObject({ deadSince: null });
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a wait is no longer for a clock that was set back meanwhile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-channel-'));
  const store = openStore(join(folder, 'outbox.db'));
  const channel = { name: 'ops', secrets: ['https://example.com'] };
  const rowAt = (now: number) =>
    createChannelRow({ channel, store, clock: { now: () => now, monotonic: () => now } });
  const hourMs = 60 * 60_000;
  const first = rowAt(2 * hourMs);
  first.leaveFor(30_000);
  first.save('http-503');
  expect(rowAt(2 * hourMs + 10_000).waitMs()).toBe(20_000);
  expect(rowAt(hourMs).waitMs()).toBe(30_000);
  store.close();
  rmSync(folder, { recursive: true, force: true });
});
