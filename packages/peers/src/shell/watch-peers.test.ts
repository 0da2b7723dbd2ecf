import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, systemClock } from '@sentinel/history';
import { expect, test } from 'vitest';
import { type PeersState, parsePeersState } from '../core/state.ts';
import { watchPeers } from './watch-peers.ts';

test('a monitor that is ended says which of its alerts have arrived since, so that no other host tells them again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-peers-'));
  const store = openStore(join(folder, 'journal.db'));
  const note = { kind: 'host-back', bot: 'nyc', host: 'ams', incident: 'nyc@1.0' } as const;
  const at = Date.now();
  const state: PeersState = {
    ...parsePeersState(undefined, 0),
    events: [
      {
        ...{ id: 'nyc@1.0/back', order: ['ams'], since: 0, told: 'raised', at },
        note: { ...note, outageMs: 60_000, bots: [], ends: 'critical' },
      },
    ],
  };
  store.transact((records) => {
    records.setState('peers-state', state);
    records.addAlert({ key: 'alert-1', at, body: JSON.stringify(note) }, ['slack']);
  }, undefined);
  const said = () =>
    store.transact((records) => (records.getState('peers') as { told: readonly unknown[] }).told, []);
  const watch = watchPeers({
    ...{ host: 'ams', boot: 'boot', run: 'run', tells: true, store },
    peers: [{ name: 'nyc', url: 'http://nyc.test', token: '' }],
    notify: () => {},
    warn: () => {},
    ports: { clock: systemClock, get: async () => ({ trouble: 'no network' }) },
  });
  watch.stop();
  expect(said()).toEqual([{ event: 'nyc@1.0/back', sent: false }]);
  store.transact((records) => {
    const batch = records.nextBatch('slack', 1, 'batch');
    if (batch !== null) records.finishBatch('slack', batch, 'sent', Date.now());
  }, undefined);
  watch.sayWhatWasSent();
  expect(said()).toEqual([{ event: 'nyc@1.0/back', sent: true }]);
  store.close();
  rmSync(folder, { recursive: true });
});
