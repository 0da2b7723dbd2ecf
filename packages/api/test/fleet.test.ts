import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorld, type World } from './world.ts';

let world: World;
let folder: string;
let file: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-api-fleet-'));
  file = join(folder, 'fleet_table.json');
  world = await createWorld('in-process', { fleetFile: file });
});
afterEach(async () => {
  await world.end();
  rmSync(folder, { recursive: true });
});

const bot = (name: string, state = 'healthy') => ({
  ...{ name, state, age_seconds: 2, exposure: null, reason: state === 'healthy' ? null : 'too old' },
});
const host = (name: string, state: string, bots: object[] | null) => ({
  ...{ host: name, state, reason: null, silent_seconds: 1, version: '1.0.0', bots },
});
const incident = {
  ...{
    id: 'host-b.1',
    kind: 'host-down',
    title: 'Host b is down or cut off',
    since: '2026-03-01T11:00:00.000Z',
  },
  ...{ told: true, over: false, acknowledged_by: null },
};
const table = (at: number) => ({
  ...{
    v: 1,
    observer: 'o1',
    as_of: new Date(at).toISOString(),
    hears: true,
    deaf: null,
    observers: ['o1', 'o2'],
  },
  hosts: [
    host('a', 'up', [bot('alpha'), bot('beta', 'stale')]),
    host('b', 'down', [bot('gamma')]),
    host('c', 'up', null),
  ],
  incidents: [incident],
});
const written = (value: unknown) => {
  writeFileSync(file, JSON.stringify(value));
  world.time.monotonic += 2000;
};
const ask = async (query = '') => (await world.ask(`/api/fleet${query}`)).json;

test('without an observer there is no fleet', async () => {
  expect(await ask()).toMatchObject({ observer: null, current: false, hosts: [], bots: [] });
  expect((await world.ask('/metrics')).text).not.toContain('sentinel_fleet_host_up{');
});

test('the hosts are told with how many bots are how, the bots in trouble, and the incidents', async () => {
  written(table(world.time.now));
  expect(await ask()).toMatchObject({
    ...{ observer: 'o1', current: true, hears: true, counts: { up: 2, down: 1, unknown: 0, bots: 3 } },
    hosts: [
      { host: 'a', state: 'up', bots: { healthy: 1, stale: 1 } },
      { host: 'b', state: 'down', bots: { healthy: 1 } },
      { host: 'c', bots: null },
    ],
    bots: [{ host: 'a', name: 'beta', state: 'stale' }],
    incidents: [incident],
  });
  const { text } = await world.ask('/metrics');
  for (const line of [
    'sentinel_fleet_host_up{host="b"} 0',
    'sentinel_fleet_hosts{state="up"} 2',
    'sentinel_fleet_bots{state="stale"} 1',
    'sentinel_fleet_observer_hears{observer="o1"} 1',
    'sentinel_fleet_incidents{kind="host-down",acknowledged="no"} 1',
  ])
    expect(text).toContain(line);
});

test('bots are chosen by host, by state and by a part of their name', async () => {
  written(table(world.time.now));
  const names = async (query: string) => (await ask(query)).bots.map(({ name }: { name: string }) => name);
  expect(await names('?host=a')).toEqual(['beta', 'alpha']);
  expect(await names('?state=healthy')).toEqual(['alpha', 'gamma']);
  expect(await names('?state=healthy&search=GAM')).toEqual(['gamma']);
  expect(await ask('?state=healthy&limit=1')).toMatchObject({ bots: [{ name: 'alpha' }], bots_left_out: 1 });
  expect((await ask('?search=gam')).hosts).toMatchObject([{ host: 'b' }]);
});

test('an answer is made once for a table and a second: pages that ask the same cost nothing more', async () => {
  written(table(world.time.now));
  const first = await ask();
  world.time.now += 400;
  expect(await ask()).toEqual(first);
  expect((await ask('?search=gam')).hosts).toHaveLength(1);
  world.time.now += 1000;
  expect((await ask()).hosts[0].silent_seconds).toBe(2.4);
  written({ ...table(world.time.now), incidents: [] });
  expect((await ask()).incidents).toEqual([]);
});

test('an incident is acknowledged with the token for orders, by the observer here, and the answer says what came of it', async () => {
  await world.end();
  const asked: object[] = [];
  let outcome: string | null | Error = null;
  world = await createWorld('in-process', {
    fleetFile: file,
    apiToken: 'token-of-orders-0123456789',
    readToken: 'token-to-read-0123456789',
    ackFleet: async (ack) => {
      asked.push(ack);
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
  });
  const give = (token: string, body: object) =>
    world.ask('/api/fleet/ack', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const order = () => give('token-of-orders-0123456789', { incident: 'host-b.1', by: 'ann' });
  expect((await order()).status, 'no observer has run here').toBe(404);
  written(table(world.time.now));
  expect((await give('token-to-read-0123456789', { incident: 'host-b.1' })).status).toBe(401);
  expect(asked).toEqual([]);
  expect(await order()).toMatchObject({ status: 200, json: { acknowledged: true } });
  expect(asked).toEqual([{ incident: 'host-b.1', by: 'api 127.0.0.1 (ann)', observer: 'o1' }]);
  outcome = 'incident host-b.1 is over';
  expect(await order()).toMatchObject({ status: 409, json: { detail: outcome } });
  outcome = new Error('no leader');
  expect((await order()).status).toBe(503);
  expect(world.log.join('\n')).toContain('no leader');
  const fleet = await world.ask('/api/fleet', {
    headers: { authorization: 'Bearer token-to-read-0123456789' },
  });
  expect(fleet.json.takes_orders).toBe(true);
});

test('of an observer that writes nothing any more nothing is known, and what is no table is none', async () => {
  written(table(world.time.now - 60_000));
  const old = await ask();
  expect(old).toMatchObject({ current: false, hears: false, counts: { up: 0, unknown: 3 } });
  expect(old.hosts[0]).toMatchObject({ state: 'unknown', reason: 'old', silent_seconds: 61 });
  expect((await world.ask('/metrics')).text).toContain('sentinel_fleet_observer_hears{observer="o1"} 0');
  for (const value of ['nonsense', null, { v: 2 }, { ...table(0), hosts: [7] }]) {
    written(value);
    expect(await ask()).toMatchObject({ observer: null });
  }
  expect(world.log.join('\n')).toContain('cannot be used');
});
