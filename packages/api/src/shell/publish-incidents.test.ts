import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecords } from '@sentinel/history';
import { expect, test, vi } from 'vitest';
import { publishIncidents } from './publish-incidents.ts';
import { sqliteJournal } from './sqlite-journal.ts';

const silent = { info: () => {}, warn: () => {}, error: () => {} };

test('the end of an incident is told, however many others opened since it began', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-incidents-'));
  const file = join(folder, 'sentinel.db');
  const records = openRecords(file);
  const flap = () => {
    for (let n = 0; n < 25; n += 1)
      records.closeIncident(records.openIncident({ bot: 'flaps', at: 1, state: 'stale', reason: '' }), 2);
  };
  const older = records.openIncident({ bot: 'older', at: 1, state: 'stale', reason: '' });
  flap();
  const journal = sqliteJournal(file, { now: () => 5, monotonic: () => performance.now() }, silent);
  const told: string[] = [];
  const publish = (bot: string, events: readonly { readonly data: unknown }[]) => {
    for (const { data } of events) {
      const { ended_at } = data as { ended_at: string | null };
      told.push(`${bot} ${ended_at === null ? 'is open' : 'has ended'}`);
    }
  };
  vi.useFakeTimers();
  const publisher = publishIncidents(journal, { publish, join: () => {}, count: () => 0, close: () => {} });
  const newer = records.openIncident({ bot: 'newer', at: 1, state: 'stale', reason: '' });
  await vi.advanceTimersByTimeAsync(1000);
  expect(told.splice(0)).toEqual(['newer is open']);
  flap();
  await vi.advanceTimersByTimeAsync(1000);
  told.splice(0);
  records.closeIncident(older, 3);
  records.closeIncident(newer, 3);
  await vi.advanceTimersByTimeAsync(2000);
  expect(told.toSorted()).toEqual(['newer has ended', 'older has ended']);
  publisher.stop();
  vi.useRealTimers();
  journal.close();
  records.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
