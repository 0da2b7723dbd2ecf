import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, parseSelfTest, selfTestKey, selfTestWords } from '@sentinel/history';
import type { Notification } from '@sentinel/notify';
import { expect, onTestFinished, test } from 'vitest';
import { testDue } from '../core/self-test.ts';
import { createSelfTest } from './self-test.ts';

const at = (text: string) => new Date(text).getTime();
const minute = 60_000;

test('each week has one test, and what did not arrive is reported once, over any number of monitors', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-self-test-'));
  const store = openStore(join(folder, 'sentinel.db'));
  onTestFinished(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const told: Notification[] = [];
  const lines: string[] = [];
  // A Monday.
  let now = at('2026-01-05T08:00:00');
  const begin = () =>
    createSelfTest({
      ...{
        moment: 'Mon 09:00',
        store,
        name: 'sentinel',
        log: (line: string) => lines.push(line),
        now: () => now,
      },
      notify: (one) => {
        told.push(one);
        const body = JSON.stringify(one);
        store.transact((records) => records.addAlert({ key: body, at: now, body }, ['phone', 'team']), 0);
      },
    });
  let weekly = begin();
  const work = (when: number) => {
    now = when;
    weekly.worked();
    return told.map(({ kind }) => kind);
  };
  expect(work(at('2026-01-05T08:59:00'))).toEqual([]);
  const monday = at('2026-01-05T09:00:00');
  expect(work(monday)).toEqual(['test']);
  store.transact((records) => {
    const batch = records.nextBatch('phone', 1, 'a');
    if (batch !== null) records.finishBatch('phone', batch, 'sent', now);
  }, undefined);
  weekly = begin();
  expect(work(monday + 9 * minute)).toEqual(['test']);
  expect(work(monday + 10 * minute)).toEqual(['test', 'custom']);
  expect(told[1]).toMatchObject({
    text: 'Arrived: phone. Not arrived within ten minutes: team.',
    severity: 'warning',
  });
  expect(lines).toEqual(['The weekly self-test: Arrived: phone. Not arrived within ten minutes: team']);
  // For `status` and the API.
  const kept = parseSelfTest(store.transact((records) => records.getState(selfTestKey), null));
  expect(selfTestWords(kept.outcome)).toBe(
    'The self-test of 2026-01-05 did not arrive everywhere. Arrived: phone. Not arrived within ten minutes: team.',
  );
  expect(work(monday + 20 * minute)).toHaveLength(2);
  weekly = begin();
  expect(work(at('2026-01-11T23:00:00'))).toHaveLength(2);
  // It was off on Monday.
  weekly = begin();
  expect(work(at('2026-01-14T12:00:00'))).toEqual(['test', 'custom', 'test']);
});

test('a channel that is dead, to which nothing was sent, has not got the test', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-self-test-'));
  const store = openStore(join(folder, 'sentinel.db'));
  onTestFinished(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  let now = at('2026-01-05T08:00:00');
  const channel = { urlHash: '', nextAt: 0, lastSentAt: null, lastFailure: null };
  store.transact((records) => {
    records.setChannel({ ...channel, name: 'phone', deadSince: null, deadReason: null });
    records.setChannel({ ...channel, name: 'team', deadSince: now, deadReason: 'HTTP 404 no_service' });
  }, undefined);
  const told: Notification[] = [];
  const weekly = createSelfTest({
    ...{ moment: 'Mon 09:00', store, name: 'sentinel', log: () => {}, now: () => now },
    notify: (one) => {
      told.push(one);
      const body = JSON.stringify(one);
      store.transact((records) => {
        records.addAlert({ key: body, at: now, body }, ['phone']);
        const batch = records.nextBatch('phone', 1, 'a');
        if (batch !== null) records.finishBatch('phone', batch, 'sent', now);
      }, undefined);
    },
  });
  now = at('2026-01-05T09:00:00');
  weekly.worked();
  now += 10 * minute;
  weekly.worked();
  expect(told[1]).toMatchObject({
    text: 'Arrived: phone. Not arrived within ten minutes: team (HTTP 404 no_service).',
  });
});

test('a monitor that has never tested begins with the next moment', () => {
  const due = (now: string, last: string | null = null, begun = '2026-01-06T00:00:00') =>
    testDue('Mon 09:00', last, at(begun), at(now));
  expect(due('2026-01-07T00:00:00')).toBeNull();
  expect(due('2026-01-12T08:59:59')).toBeNull();
  expect(due('2026-01-12T09:00:00')).toBe('2026-01-12');
  expect(due('2026-01-12T09:00:00', '2026-01-12')).toBeNull();
});
