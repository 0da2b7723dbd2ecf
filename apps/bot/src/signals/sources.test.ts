import { once } from 'node:events';
import { utimesSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tempFolder } from '../../test/support/site.ts';
import { openMemory } from '../store/memory.ts';
import { createFileSource } from './file-source.ts';
import { createHttpSource } from './http-source.ts';
import { startWebhookSource } from './webhook-source.ts';

const entry = { symbol: 'MCL', direction: 'buy', quantity: 1, tp: 52, sl: 48 };
const forever = new AbortController().signal;
let temp: ReturnType<typeof tempFolder>;
beforeEach(() => {
  temp = tempFolder();
});
afterEach(() => temp.remove());

test('a file holds signals, each with the same identity at each look', async () => {
  const file = join(temp.folder, 'signals.json');
  const source = createFileSource(file);
  expect(await source.take(forever)).toEqual([]);
  writeFileSync(file, JSON.stringify([{ ...entry, id: 'a' }, entry, { symbol: 1 }]));
  utimesSync(file, 1000, 1000);
  const taken = await source.take(forever);
  expect(taken.map(({ parsed }) => parsed.ok)).toEqual([true, true, false]);
  expect(taken[0]).toMatchObject({ id: 'id:a', seenAt: 1_000_000 });
  expect((await source.take(forever)).map(({ id }) => id)).toEqual(taken.map(({ id }) => id));
});

test('a half-written file is an error that says what to do', async () => {
  const file = join(temp.folder, 'signals.json');
  writeFileSync(file, '[{"symbol":');
  await expect(createFileSource(file).take(forever)).rejects.toThrow('rename it into place');
});

test('an HTTP source shows its key to the service, and no address or key in its errors', async () => {
  const answers = [
    { status: 200, body: JSON.stringify({ signals: [entry] }) },
    { status: 200, body: '' },
    { status: 503, body: '' },
    { status: 200, body: '<html>' },
  ];
  const keys: unknown[] = [];
  const server = createServer((request, response) => {
    keys.push(request.headers.authorization);
    const answer = answers.shift();
    response.writeHead(answer?.status ?? 500).end(answer?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/signals?token=hidden`;
  const source = createHttpSource({ url, key: 'key-of-ours', firstSeen: () => new Map(), now: () => 5 });
  expect(await source.take(forever)).toHaveLength(1);
  expect(await source.take(forever)).toHaveLength(0);
  await expect(source.take(forever)).rejects.toThrow('HTTP 503');
  await expect(source.take(forever)).rejects.toThrow('Expected JSON');
  await new Promise((resolve) => server.close(resolve));
  const refused = await source.take(forever).catch(String);
  expect(refused).toContain('cannot be fetched');
  expect(refused).not.toMatch(/hidden|key-of-ours/);
  expect(keys[0]).toBe('Bearer key-of-ours');
});

const serve = async (answer: RequestListener) => {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    [Symbol.dispose]: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

test('a signal without a time ages from its first look on, also over restarts, and its neighbour from its own', async () => {
  const entries = [{ ...entry, id: 'a' }];
  using server = await serve((_, response) => response.end(JSON.stringify(entries)));
  const hour = 3_600_000;
  let now = 0;
  for (const [at, seen] of [
    [hour, [hour]],
    [49 * hour, [hour, 49 * hour]],
    [50 * hour, [hour, 49 * hour]],
  ] as const) {
    now = at;
    const memory = openMemory(join(temp.folder, 'bot.db'));
    const source = createHttpSource({ url: server.url, firstSeen: memory.firstSeen.of, now: () => now });
    expect((await source.take(forever)).map(({ seenAt }) => seenAt)).toEqual(seen);
    memory.close();
    entries[1] = { ...entry, id: 'b' };
  }
});

test('a service that sends without end is left at the limit', async () => {
  const chunk = Buffer.alloc(1 << 16, ' ');
  let sent = 0;
  let left: () => void;
  const gone = new Promise<void>((resolve) => {
    left = resolve;
  });
  using server = await serve((_, response) => {
    const more = () => {
      sent += chunk.length;
      response.write(chunk, () => setImmediate(more));
    };
    response.on('error', () => undefined).on('close', () => left());
    more();
  });
  const source = createHttpSource({ url: server.url, firstSeen: () => new Map(), now: () => 5 });
  await expect(source.take(forever)).rejects.toThrow('Expected at most 1000000 bytes');
  await gone;
  expect(sent).toBeLessThan(50_000_000);
});

test('a service that says beforehand how much it will send is not read at all', async () => {
  using server = await serve((_, response) => {
    response.writeHead(200, { 'content-length': 2_000_000 }).flushHeaders();
  });
  const source = createHttpSource({ url: server.url, firstSeen: () => new Map(), now: () => 5 });
  await expect(source.take(forever)).rejects.toThrow('Expected at most 1000000 bytes');
});

const listening = { host: '127.0.0.1', port: 0, token: 'token-of-ours', now: () => 7, warn: () => {} };

test('guesses at the token of the webhook are slowed down and told, and do not shut the right one out', async () => {
  const memory = openMemory(join(temp.folder, 'bot.db'));
  const told: string[] = [];
  const warn = (line: string) => void told.push(line);
  const source = await startWebhookSource({ ...listening, inbox: memory.inbox, warn });
  const post = async (token: string) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return fetch(`${source.url}/signals`, { method: 'POST', headers, body: JSON.stringify(entry) });
  };
  for (let i = 0; i < 10; i += 1) expect((await post(`wrong-${i}`)).status).toBe(401);
  const refused = await post('wrong-again');
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await post('token-of-ours')).status).toBe(202);
  expect(told).toEqual([expect.stringContaining('10 wrong tokens within a minute from 127.0.0.1')]);
  await source.close();
  memory.close();
});

test.each([
  ['who knows the token', 'token-of-ours', '/signals', '408'],
  ['a stranger', 'token-of-others', '/signals', '401'],
  ['a stranger with a path that cannot be read', 'token-of-others', '/%', '400'],
])('a webhook ends the connection of %s whose request never ends', async (_, token, path, status) => {
  const memory = openMemory(join(temp.folder, 'bot.db'));
  const options = { ...listening, inbox: memory.inbox };
  // A stranger is not waited for at all: only the answer may end this connection in the time of a test.
  const requestTimeoutMs = status === '408' ? 200 : 3_600_000;
  const source = await startWebhookSource({ ...options, requestTimeoutMs });
  const socket = connect(Number(new URL(source.url).port), '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => (answer += String(chunk)));
  const head = [`POST ${path} HTTP/1.1`, 'Host: x', `Authorization: Bearer ${token}`];
  socket.write([...head, 'Content-Type: application/json', 'Content-Length: 100', '', '{'].join('\r\n'));
  await once(socket, 'close');
  expect(answer).toContain(`HTTP/1.1 ${status}`);
  expect(answer).toMatch(/\{"error":"[^"]+"\}$/);
  await source.close();
  memory.close();
});

const deep = '['.repeat(30_000) + ']'.repeat(30_000);

test('an entry that nests without end keeps its neighbours from nothing', async () => {
  const file = join(temp.folder, 'signals.json');
  writeFileSync(file, `[${JSON.stringify(entry)}, ${deep}]`);
  const taken = await createFileSource(file).take(forever);
  expect(taken.map(({ parsed }) => parsed.ok)).toEqual([true, false]);

  const memory = openMemory(join(temp.folder, 'bot.db'));
  const source = await startWebhookSource({ ...listening, inbox: memory.inbox });
  const headers = { authorization: 'Bearer token-of-ours', 'content-type': 'application/json' };
  const body = JSON.stringify({ ...entry, note: 0 }).replace('"note":0', `"note":${deep}`);
  // Who posts one hears of it.
  expect((await fetch(`${source.url}/signals`, { method: 'POST', headers, body })).status).toBe(400);
  expect(await source.take(forever)).toEqual([]);
  await source.close();
  memory.close();
});

test('a webhook keeps what it has accepted, and refuses strangers and nonsense', async () => {
  const file = join(temp.folder, 'bot.db');
  const memory = openMemory(file);
  const options = { ...listening, inbox: memory.inbox };
  const source = await startWebhookSource(options);
  const post = async (body: string, token = 'token-of-ours') => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return (await fetch(`${source.url}/signals`, { method: 'POST', headers, body })).status;
  };
  expect(await post(JSON.stringify(entry), 'token-of-others')).toBe(401);
  expect(await post(JSON.stringify({ ...entry, quantity: -1 }))).toBe(422);
  expect(await post('{')).toBe(400);
  expect(await post(JSON.stringify([entry, { ...entry, id: 'b' }]))).toBe(202);
  await source.close();
  memory.close();

  const later = openMemory(file);
  const again = await startWebhookSource({ ...options, inbox: later.inbox });
  const taken = await again.take(forever);
  expect(taken.map(({ seenAt }) => seenAt)).toEqual([7, 7]);
  for (const { done } of taken) done?.();
  expect(await again.take(forever)).toEqual([]);
  await again.close();
  later.close();
});
