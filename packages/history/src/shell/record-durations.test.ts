import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from './store.ts';

const openJournal = () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-durations-'));
  const store = openStore(join(folder, 'a.db'));
  onTestFinished(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return store;
};

test('only the first acknowledgement of an incident counts, and only a delivery that arrived', () => {
  const store = openJournal();
  const { ack, notify } = store.transact(
    (records) => {
      const incident = records.openIncident({ bot: 'alpha', at: 1000, state: 'stale', reason: 'no beat' });
      for (const at of [46_000, 90_000])
        records.noteIncident(incident, { at, kind: 'acknowledged', text: 'x' });
      for (const [key, result, at] of [
        ['a', 'sent', 2500],
        ['b', 'refused', 2500],
        ['c', 'sent', 90_000_000],
      ] as const) {
        records.addAlert({ key, at: 1000, body: '{}' }, ['phone']);
        const batch = records.nextBatch('phone', 1, key);
        if (batch !== null) records.finishBatch('phone', batch, result, at);
      }
      return { ack: records.durations('time-to-ack'), notify: records.durations('time-to-notify') };
    },
    { ack: [], notify: [] },
  );
  const at = (bound: number, { buckets }: (typeof ack)[number]) =>
    buckets.find(({ upToSeconds }) => upToSeconds === bound)?.count;
  expect(ack).toMatchObject([{ label: 'alpha', count: 1, sumMs: 45_000 }]);
  expect(ack.map((one) => [at(30, one), at(60, one)])).toEqual([[0, 1]]);
  expect(notify).toMatchObject([{ label: 'phone', count: 2, sumMs: 1500 + 89_999_000 }]);
  expect(notify.map((one) => [at(1, one), at(2, one), at(14_400, one)])).toEqual([[0, 1, 1]]);
});
