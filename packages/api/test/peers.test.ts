import { openRecords } from '@sentinel/history';
import { afterEach, expect, test } from 'vitest';
import { createWorld, type World } from './world.ts';

const readToken = 'read-token-0123456789';
const headers = { authorization: `Bearer ${readToken}` };
const health = '/api/heartbeat/health';

let world: World;
afterEach(() => world.end());

const peer = {
  name: 'fra',
  state: 'up',
  silent_seconds: 1,
  reason: null,
  in_vain: false,
  finding: null,
  incident: null,
  bots: [],
};
const report = { host: 'ams', boot: 'b', run: 'r', round: 7, tells: true, peers: [peer], told: [], epoch: 2 };

/** What the monitor has written. */
const written = (value: object) => {
  const records = openRecords(world.journal);
  records.setState('peers', value);
  records.close();
  // Where there was no journal the API rests.
  world.later();
};

test('the monitors of other hosts are told of this one with a token only', async () => {
  world = await createWorld('in-process', { withJournal: true, apiToken: readToken });
  written({ ...report, at: world.time.now });
  world.bot.update('✅ Heartbeat active', {
    sessionActive: true,
    exposure: { positions: [{ symbol: 'MCL', side: 'long', quantity: 2 }], orders: 0 },
  });
  expect((await world.ask(health)).json.fleet).toBeUndefined();
  expect(
    (await world.ask(health, { headers: { authorization: 'Bearer wrong-token' } })).json.fleet,
  ).toBeUndefined();
  const { fleet } = (await world.ask(health, { headers })).json;
  expect(fleet).toMatchObject({ host: 'ams', round: 7, epoch: 2, stopped: false, deaf: false });
  expect(fleet.bots).toMatchObject([{ exposure: '2 MCL long' }]);
  expect(fleet.peers).toEqual([peer]);
});

test('a row that a monitor has left is no sign of life, unless it was ended on purpose', async () => {
  world = await createWorld('in-process', { withJournal: true, readToken });
  written({ ...report, at: world.time.now - 60_000 });
  expect((await world.ask(health, { headers })).json.fleet).toBeUndefined();
  written({ ...report, at: world.time.now - 60_000, stopped: true });
  expect((await world.ask(health, { headers })).json.fleet).toMatchObject({ stopped: true });
});

test('the page and Prometheus are told how the peers are, while the monitor says so', async () => {
  world = await createWorld('in-process', { withJournal: true });
  expect((await world.ask('/api/peers')).json).toEqual({
    host: null,
    deaf: false,
    as_of: null,
    current: false,
    peers: [],
  });
  written({ ...report, at: world.time.now });
  expect((await world.ask('/api/peers')).json).toMatchObject({ host: 'ams', current: true, peers: [peer] });
  expect((await world.ask('/metrics')).text).toContain('sentinel_peer_up{peer="fra"} 1');
  world.time.now += 60_000;
  expect((await world.ask('/api/peers')).json).toMatchObject({
    current: false,
    peers: [{ state: 'unsure' }],
  });
  expect((await world.ask('/metrics')).text).not.toContain('sentinel_peer_up{');
});

test.each([{ ...report, host: 7 }, { ...report, round: -1 }, 'nonsense', null])(
  'a row that no monitor writes is none: %j',
  async (row) => {
    world = await createWorld('in-process', { withJournal: true, readToken });
    written(row as object);
    const answer = await world.ask(health, { headers });
    expect([200, 503]).toContain(answer.status);
    expect(answer.json.fleet).toBeUndefined();
    expect((await world.ask('/api/peers', { headers })).json.peers).toEqual([]);
  },
);
