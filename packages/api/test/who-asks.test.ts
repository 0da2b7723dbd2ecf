import { request as ask } from 'node:http';
import { connect } from 'node:net';
import { openRecords } from '@sentinel/history';
import { afterEach, describe, expect, test } from 'vitest';
import { createWorld, type World } from './world.ts';

const apiToken = 'change-token-0123456789';
const readToken = 'read-token-0123456789';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const status = '/api/heartbeat/status';

let world: World;
afterEach(() => world.end());

/** What `fetch` does not let one send: any Host. */
const askFor = (
  host: string,
  { path = status, headers = {} }: { path?: string; headers?: Record<string, string> } = {},
) =>
  new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const sent = ask(`${world.url}${path}`, { headers: { host, ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, text }));
    });
    sent.on('error', reject).end();
  });

describe('who asks', () => {
  const attempt = (from: string) =>
    world.ask(status, { headers: { ...bearer('wrong-token'), 'x-forwarded-for': from } });

  test('nobody is believed who was not named: a guesser does not become another address with each guess', async () => {
    world = await createWorld('over a socket', { readToken });
    const answers: number[] = [];
    for (let i = 0; i < 40; i += 1) answers.push((await attempt(`198.51.100.${i}`)).status);
    expect(answers.filter((code) => code === 401)).toHaveLength(10);
    expect(answers.filter((code) => code === 429)).toHaveLength(30);
  });

  test('a proxy that was named is believed, and one address does not slow another', async () => {
    world = await createWorld('over a socket', { readToken, trustedProxies: ['127.0.0.0/8'] });
    for (let i = 0; i < 10; i += 1) await attempt('198.51.100.1');
    expect((await attempt('198.51.100.1')).status).toBe(429);
    expect((await attempt('198.51.100.2')).status).toBe(401);
    // What a client writes in front of the proxy's own entry changes nothing.
    expect((await attempt('192.0.2.1, 198.51.100.1')).status).toBe(429);
  });

  test('an order is written down with the address of the connection, whatever its sender says', async () => {
    world = await createWorld('over a socket', { apiToken, withJournal: true });
    openRecords(world.journal).close();
    const headers = { ...bearer(apiToken), 'x-forwarded-for': '203.0.113.9' };
    const answer = await world.ask('/api/heartbeat/pause', { method: 'POST', headers });
    expect(answer.status).toBe(202);
    expect(world.log.join('\n')).toContain('api 127.0.0.1');
    expect(world.log.join('\n')).not.toContain('203.0.113.9');
  });
});

describe('under which name', () => {
  test('a page elsewhere that lets its own name point here reads nothing', async () => {
    world = await createWorld('over a socket');
    for (const path of [
      status,
      '/api/bots',
      '/api/heartbeat/history',
      '/metrics',
      '/',
      '/docs',
      '/nothing',
    ]) {
      const answer = await askFor('evil.example:5000', { path });
      expect([path, answer.status]).toEqual([path, 421]);
      expect(answer.text).toContain('SENTINEL_ALLOWED_HOSTS');
      expect(answer.text).not.toContain('evil');
    }
  });

  test('addresses, names of this machine and names that were set are answered', async () => {
    world = await createWorld('over a socket', { allowedHosts: ['heartbeat-api', 'Sentinel.example.com'] });
    for (const host of [
      '127.0.0.1',
      '[::1]:5000',
      'localhost:9',
      'heartbeat-api:5000',
      'sentinel.example.com',
    ])
      expect([host, (await askFor(host)).status]).toEqual([host, 200]);
  });

  test('with a valid token every name is answered, and a wrong one is counted', async () => {
    world = await createWorld('over a socket', { readToken });
    const from = (token: string) => askFor('evil.example', { headers: bearer(token) });
    expect((await from(readToken)).status).toBe(200);
    for (let i = 0; i < 10; i += 1) expect((await from(`wrong-${i}`)).status).toBe(421);
    expect((await world.ask(status, { headers: bearer('wrong-too') })).status).toBe(429);
  });
});

/** The status line of the answer to these lines, as no client of HTTP sends them. */
const send = (...lines: readonly string[]) =>
  new Promise<string>((resolve, reject) => {
    const { hostname, port } = new URL(world.url);
    const socket = connect(Number(port), hostname, () =>
      socket.write(`GET ${status} HTTP/1.1\r\n${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`),
    );
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.on('error', reject).on('end', () => resolve(text.split('\r\n')[0] ?? ''));
  });

test('an empty Host and two of them are none of this API, unless a token comes along', async () => {
  world = await createWorld('over a socket', { readToken });
  const token = `Authorization: Bearer ${readToken}`;
  for (const lines of [
    ['Host: '],
    ['Host: 127.0.0.1', 'Host: evil.example'],
    ['Host: a', 'hOST: 127.0.0.1'],
  ]) {
    expect(await send(...lines), lines.join()).toMatch(/ (421|400) /);
    expect(await send(...lines, token), lines.join()).toMatch(/ (200|400) /);
  }
  expect(await send('Host: 127.0.0.1', token)).toContain(' 200 ');
});
