import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createHeartbeat, defaultHealthPolicy } from '@sentinel/heartbeat-core';
import { openRecords } from '@sentinel/history';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type EventStream, openStream } from './event-stream.ts';
import { createWorld, type World } from './world.ts';

let world: World;
const open: EventStream[] = [];
beforeEach(async () => {
  world = await createWorld('over a socket');
});
afterEach(async () => {
  for (const stream of open.splice(0)) stream.close();
  await world.end();
});

const connect = async (query = '', headers = {}) => {
  const stream = await openStream(`${world.url}/api/heartbeat/stream${query}`, headers);
  open.push(stream);
  return stream;
};
const soon = { timeout: 10_000, interval: 20 };
const statuses = ({ events }: EventStream) =>
  events.filter(({ event }) => event === 'status').map(({ data }) => data.status);
const healths = ({ events }: EventStream) =>
  events.filter(({ event }) => event === 'status').map(({ data }) => data.health);
const logged = ({ events }: EventStream) =>
  events.filter(({ event }) => event === 'log').map(({ data }) => data.status);

test('the status comes at connect and with each beat, the log with each new one', async () => {
  world.bot.update('✅ One');
  const stream = await connect();
  await vi.waitFor(() => expect(statuses(stream)).toContain('✅ One'), soon);
  world.bot.update('✅ Two');
  await vi.waitFor(() => expect(statuses(stream)).toContain('✅ Two'), soon);
  await vi.waitFor(() => expect(logged(stream)).toContain('✅ Two'), soon);
  const ids = stream.events.map(({ id }) => id);
  expect(ids.every((id) => /^\d+-\d+$/.test(id))).toBe(true);
});

test('a bot that falls silent is told without a beat', async () => {
  world.bot.update('✅ On');
  const stream = await connect();
  await vi.waitFor(() => expect(healths(stream)).toEqual(['healthy']), soon);
  world.time.now += 400_000;
  world.time.monotonic += 400_000;
  await vi.waitFor(() => expect(healths(stream)).toEqual(['healthy', 'stale']), soon);
});

test('a client that comes back gets the log that it missed, and nothing twice', async () => {
  const first = await connect();
  world.bot.update('✅ Seen');
  await vi.waitFor(() => expect(logged(first)).toEqual(['✅ Seen']), soon);
  const last = first.events.findLast(({ event }) => event === 'log')?.id ?? '';
  first.close();
  const witness = await connect();
  world.bot.update('❌ Missed');
  await vi.waitFor(() => expect(logged(witness)).toContain('❌ Missed'), soon);
  const again = await connect('', { 'last-event-id': last });
  await vi.waitFor(() => expect(statuses(again)).toContain('❌ Missed'), soon);
  expect(logged(again)).toEqual(['❌ Missed']);
});

test.each(['x', '1-2-3', '-1', '9'.repeat(90)])(
  'a Last-Event-ID that is none of ours does no harm: %s',
  async (id) => {
    world.bot.update('✅ On');
    const stream = await connect('', { 'last-event-id': id });
    expect(stream.status).toBe(200);
    await vi.waitFor(() => expect(statuses(stream)).toEqual(['✅ On']), soon);
  },
);

test('asking for the head of a stream is refused, and leaves none open', async () => {
  const { status, headers } = await fetch(`${world.url}/api/heartbeat/stream`, { method: 'HEAD' });
  expect([status, headers.get('allow')]).toEqual([405, 'GET']);
  expect(await (await fetch(`${world.url}/metrics`)).text()).toContain('sentinel_api_streams 0');
});

test('a stream of one bot tells nothing of another', async () => {
  await world.end();
  const files = ['alpha', 'beta'].map((name) => ({ name, file: join(world.folder, `${name}.txt`) }));
  const bots = files.map(({ name, file }) => ({ name, file, policy: defaultHealthPolicy }));
  world = await createWorld('over a socket', { bots: bots as never });
  const [alpha, beta] = files.map(({ file }) => createHeartbeat({ file }));
  const stream = await connect('?bot=beta');
  alpha?.update('✅ From alpha');
  beta?.update('✅ From beta');
  await vi.waitFor(() => expect(logged(stream)).toContain('✅ From beta'), soon);
  expect(stream.events.every(({ data }) => data.bot === 'beta')).toBe(true);
  expect((await connect('?bot=gamma')).status).toBe(404);
});

test('an incident is told as it opens, is noted on and closes', async () => {
  await world.end();
  const historyFile = join(mkdtempSync(join(tmpdir(), 'sentinel-stream-')), 'sentinel.db');
  const records = openRecords(historyFile);
  records.closeIncident(records.openIncident({ bot: 'bot', at: 1, state: 'stale', reason: 'long ago' }), 2);
  const monotonic = () => performance.now();
  world = await createWorld('over a socket', { historyFile, clock: { now: Date.now, monotonic } });
  const stream = await connect();
  const incidents = () => stream.events.filter(({ event }) => event === 'incident').map(({ data }) => data);
  const id = records.openIncident({ bot: 'bot', at: Date.now(), state: 'stale', reason: 'no beat' });
  await vi.waitFor(
    () => expect(incidents().at(-1)).toMatchObject({ reason: 'no beat', ended_at: null }),
    soon,
  );
  records.closeIncident(id, Date.now());
  await vi.waitFor(() => expect(incidents().at(-1)?.ended_at).toEqual(expect.any(String)), soon);
  expect(incidents().every(({ reason }) => reason === 'no beat')).toBe(true);
  records.close();
  rmSync(dirname(historyFile), { recursive: true, force: true, maxRetries: 5 });
});

test('stopping ends the streams and frees the port', async () => {
  const stream = await connect();
  await world.api.stop();
  await vi.waitFor(() => expect(stream.ended()).toBe(true), soon);
  await expect(fetch(`${world.url}/livez`)).rejects.toThrow();
});
