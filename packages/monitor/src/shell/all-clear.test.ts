import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '@sentinel/history';
import type { Notification } from '@sentinel/notify';
import { expect, onTestFinished, test } from 'vitest';
import type { BotView } from '../core/bot-view.ts';
import { createAllClear } from './all-clear.ts';

const at = (text: string) => new Date(text).getTime();
const view = { name: 'bot', state: 'healthy', ageMs: 5000 } as BotView;

test('each day has one report, over any number of monitors, with what the journal knows of it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-all-clear-'));
  const store = openStore(join(folder, 'sentinel.db'));
  onTestFinished(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const told: Notification[] = [];
  let now = at('2026-01-05T07:00:00');
  const begin = () =>
    createAllClear({ time: '08:00', store, notify: (one) => told.push(one), name: 'bot', now: () => now });
  let report = begin();
  const work = (when: string) => {
    now = at(when);
    report.worked([view]);
    return told.length;
  };
  store.transact((records) => {
    const [early, late] = [at('2026-01-03T07:00:00'), at('2026-01-04T20:00:00')];
    records.closeIncident(
      records.openIncident({ bot: 'bot', at: early, state: 'stale', reason: '' }),
      early + 1,
    );
    const id = records.openIncident({ bot: 'bot', at: late, state: 'stale', reason: '' });
    records.noteIncident(id, { at: late, kind: 'restart-attempted', text: '' });
    records.closeIncident(id, late + 1);
  }, undefined);
  expect(work('2026-01-05T07:59:00')).toBe(0);
  expect(work('2026-01-05T08:00:30')).toBe(1);
  expect(told[0]).toEqual({
    ...{ kind: 'all-clear', bot: 'bot' },
    bots: [{ name: 'bot', state: 'healthy', ageMs: 5000, incidents: 1, restarts: 1 }],
  });
  expect(work('2026-01-05T08:01:00')).toBe(1);
  report = begin();
  expect(work('2026-01-05T22:00:00')).toBe(1);
  report = begin();
  expect(work('2026-01-06T11:00:00')).toBe(2);
});
