import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHeartbeat, defaultHealthPolicy } from '@sentinel/heartbeat-core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type EventStream, openStream } from './event-stream.ts';
import { type ServerProcess, startServer } from './server-process.ts';

let folder: string;
let file: string;
let server: ServerProcess;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-load-'));
  file = join(folder, 'heartbeat_status.txt');
  server = await startServer({ bots: [{ name: 'bot', file, policy: defaultHealthPolicy }] });
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
const metrics = async (url: string) => ({ text: await (await fetch(`${url}/metrics`)).text() });
const until = { timeout: 20_000, interval: 50 };

test('a change reaches 1,000 open streams', async () => {
  const bot = createHeartbeat({ file });
  bot.update('✅ 0');
  const streams: EventStream[] = [];
  for (let i = 0; i < 20; i += 1)
    streams.push(
      ...(await Promise.all(
        Array.from({ length: 50 }, () => openStream(`${server.url}/api/heartbeat/stream`)),
      )),
    );
  // How soon is measured by the benchmark; here, that nobody is left out, whatever else the machine does.
  for (let round = 1; round <= 5; round += 1) {
    const status = `✅ ${round}`;
    bot.update(status);
    const without = () =>
      streams.filter(
        ({ events }) => !events.some(({ event, data }) => event === 'status' && data.status === status),
      ).length;
    await vi.waitFor(() => expect(without()).toBe(0), until);
  }
  const { text } = await metrics(server.url);
  expect(text).toContain('sentinel_api_streams 1000');
  for (const stream of streams) stream.close();
  await vi.waitFor(
    async () => expect((await metrics(server.url)).text).toContain('sentinel_api_streams 0'),
    until,
  );
}, 60_000);

test('a file that flips ten times a second is followed, and every answer is one of its states', async () => {
  const bot = createHeartbeat({ file });
  bot.update('✅ 0');
  const stream = await openStream(`${server.url}/api/heartbeat/stream`);
  const written = ['✅ 0'];
  const flips = setInterval(() => {
    const n = written.length;
    const status = n % 2 === 0 ? `✅ ${n}` : `❌ ${n}`;
    written.push(status);
    bot.update(status);
  }, 100);
  await vi.waitFor(() => expect(stream.events.length).toBeGreaterThan(40), until);
  clearInterval(flips);
  const told = () => stream.events.filter(({ event }) => event === 'status').map(({ data }) => data);
  await vi.waitFor(() => expect(told().at(-1)?.status).toBe(written.at(-1)), until);
  const order = told().map(({ status }) => written.indexOf(status ?? ''));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  for (const { status, health } of told()) {
    expect(written).toContain(status);
    expect(health).toBe(status?.startsWith('✅') ? 'healthy' : 'degraded');
  }
  stream.close();
});

test('a writer that truncates ten times a second: half a file is never told as a status, nor as health', async () => {
  const text = (n: number) => `✅ number ${n} of many\n${new Date().toISOString()}\n{"session_active": true}`;
  writeFileSync(file, text(0));
  const stream = await openStream(`${server.url}/api/heartbeat/stream`);
  let n = 0;
  const writes = setInterval(() => {
    n += 1;
    const whole = text(n);
    writeFileSync(file, whole.slice(0, n % whole.length));
    setTimeout(() => writeFileSync(file, whole), 30);
  }, 100);
  const statuses = () => stream.events.filter(({ event }) => event === 'status').map(({ data }) => data);
  await vi.waitFor(() => expect(statuses().length).toBeGreaterThan(60), until);
  clearInterval(writes);
  await vi.waitFor(() => expect(statuses().at(-1)?.status).toBe(`✅ number ${n} of many`), until);
  for (const { status, health } of statuses()) {
    if (health === 'unknown') expect(status).toMatch(/^❓ /);
    else expect([status, health]).toEqual([expect.stringMatching(/^✅ number \d+ of many$/), 'healthy']);
  }
  stream.close();
});

test('a client that does not read holds nobody up', async () => {
  const bot = createHeartbeat({ file });
  bot.update('✅ 0');
  const reader = await openStream(`${server.url}/api/heartbeat/stream`);
  const lazy = connect(server.port, '127.0.0.1', () =>
    lazy.write('GET /api/heartbeat/stream HTTP/1.1\r\nHost: x\r\n\r\n'),
  );
  lazy.pause();
  lazy.on('error', () => {});
  for (let i = 1; i <= 20; i += 1) {
    bot.update(`✅ ${i}`);
    await vi.waitFor(
      () => expect(reader.events.some(({ data }) => data.status === `✅ ${i}`)).toBe(true),
      until,
    );
  }
  lazy.destroy();
  reader.close();
});
