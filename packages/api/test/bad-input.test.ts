import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHeartbeat, defaultHealthPolicy } from '@sentinel/heartbeat-core';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type ServerProcess, startServer } from './server-process.ts';

const apiToken = 'hush-hush-hush-0123';
const folder = mkdtempSync(join(tmpdir(), 'sentinel-bad-input-'));
const file = join(folder, 'heartbeat_status.txt');
let server: ServerProcess;

beforeAll(async () => {
  const dashboardDir = join(folder, 'dist');
  mkdirSync(join(dashboardDir, 'assets'), { recursive: true });
  writeFileSync(join(dashboardDir, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(dashboardDir, 'assets', 'app.js'), 'void 0');
  writeFileSync(join(dashboardDir, '.env'), 'SECRET=in-a-dot-file');
  writeFileSync(join(folder, 'outside.txt'), 'outside-of-the-folder');
  symlinkSync(join(folder, 'outside.txt'), join(dashboardDir, 'linked.txt'));
  symlinkSync(folder, join(dashboardDir, 'linked'));
  symlinkSync('app.js', join(dashboardDir, 'assets', 'link.js'));
  createHeartbeat({ file }).update('✅ On', true);
  const bots = [{ name: 'bot', file, policy: defaultHealthPolicy }];
  server = await startServer({ bots, dashboardDir, apiToken });
});
afterAll(async () => {
  expect(await server.stop()).toBe(0);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
// Whatever a test did: the server answers, and has nothing to complain about.
afterEach(async () => {
  const answer = await fetch(`${server.url}/api/heartbeat/status`);
  expect(answer.status).toBe(200);
  expect(server.lines.filter((line) => !line.startsWith('the dashboard'))).toEqual([]);
});

const expectNoLeak = (text: string) => {
  for (const secret of [
    folder,
    '/src/',
    'node_modules',
    'node:internal',
    '    at ',
    apiToken,
    'in-a-dot-file',
    'outside-of',
  ])
    expect(text).not.toContain(secret);
};

/** Sends bytes as they are, and gives back all that comes until the other end closes or `ms` have passed. */
const raw = (bytes: string | Buffer, ms = 5000): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(text);
    };
    const timer = setTimeout(end, ms);
    socket.on('data', (data) => {
      text += data.toString('latin1');
    });
    socket.on('error', end);
    socket.on('close', end);
  });

test.each([
  '/../outside.txt',
  '/assets/../../outside.txt',
  '/%2e%2e/outside.txt',
  '/%2e%2e%2foutside.txt',
  '/assets/..%2f..%2foutside.txt',
  '/..%5coutside.txt',
  '/....//outside.txt',
  '/%252e%252e/outside.txt',
  '/.env',
  '/%2eenv',
  '/assets/app.js%00.html',
  '//etc/passwd',
  '/assets/',
  '/linked.txt',
  '/linked/outside.txt',
  '/%',
  '/%ff%fe',
  '/a*b',
  '/:a(b',
  '*3',
  `/${'a'.repeat(3000)}`,
])('no trick with the path reaches another file: %s', async (path) => {
  const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
  expectNoLeak(answer);
});

test('the pages are served, with a policy that allows nothing inline', async () => {
  const page = await fetch(`${server.url}/`);
  expect(await page.text()).toContain('<title>page</title>');
  expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
  const asset = await fetch(`${server.url}/assets/app.js`);
  expect(asset.headers.get('cache-control')).toContain('immutable');
  expect((await fetch(`${server.url}/assets/link.js`)).status, 'a link within the folder').toBe(200);
});

test.each([
  ['a flood of headers', `GET / HTTP/1.1\r\nHost: x\r\n${'X-Flood: 0123456789\r\n'.repeat(3000)}\r\n`, 431],
  ['one huge header', `GET / HTTP/1.1\r\nHost: x\r\nX-Huge: ${'a'.repeat(40_000)}\r\n\r\n`, 431],
  ['no HTTP at all', 'HELO mail\r\n\r\n', 400],
  ['TLS', Buffer.from('16030100c8010000c40303', 'hex'), 400],
  [
    'two lengths',
    'POST /api/heartbeat/pause HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx',
    400,
  ],
  [
    'length and chunks',
    'POST /api/heartbeat/pause HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
  ['a negative length', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n', 400],
  ['no Host', 'GET /api/heartbeat/status HTTP/1.1\r\n\r\n', 400],
  [
    'an escape that says nothing',
    'GET /%E0%A4 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n',
    400,
  ],
  ['a null byte in the path', 'GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n', 400],
])('%s is refused in the form of every other error', async (_name, bytes, status) => {
  const answer = await raw(bytes);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(answer).toContain('application/problem+json');
  expectNoLeak(answer);
});

test('a whole request is answered before something broken behind it ends the connection', async () => {
  const answer = await raw('GET /api/heartbeat/status HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n:');
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(answer).not.toContain('HTTP/1.1 400');
});

test('an order with a key twice is refused: what checked it before may have taken the other one', async () => {
  const answer = await fetch(`${server.url}/api/heartbeat/pause`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
    body: '{"minutes": 1, "minutes": 10000}',
  });
  expect(answer.status).toBe(400);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(await answer.text()).toContain('has a key twice');
});

test('a body larger than any order is refused before it is read', async () => {
  const answer = await fetch(`${server.url}/api/heartbeat/pause`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'x'.repeat(1_000_000) }),
  });
  expect(answer.status).toBe(413);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
});

test('any body of an order gets an answer, and none repeats the token', async () => {
  const types = fc.constantFrom(
    'application/json',
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    '',
  );
  await fc.assert(
    fc.asyncProperty(
      types,
      fc.oneof(fc.json(), fc.string(), fc.constant('{"__proto__":{"minutes":1}}')),
      async (type, body) => {
        const response = await fetch(`${server.url}/api/heartbeat/pause`, {
          method: 'POST',
          headers: { authorization: `Bearer ${apiToken}`, 'content-type': type },
          body: Buffer.from(body),
        });
        expect([400, 413, 415, 503]).toContain(response.status);
        expectNoLeak(await response.text());
      },
    ),
    { numRuns: 100 },
  );
});

test('clients that drip their headers are let go, and nobody else waits for them', async () => {
  const drips = Array.from({ length: 50 }, () => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\n'));
    const timer = setInterval(() => socket.write('X-Drip: 1\r\n'), 500);
    socket.on('error', () => {});
    return new Promise<void>((resolve) =>
      socket.on('close', () => {
        clearInterval(timer);
        resolve();
      }),
    );
  });
  expect((await fetch(`${server.url}/livez`)).status).toBe(200);
  await Promise.all(drips);
}, 60_000);

test('a client that drips its body, or says nothing at all, is let go too', async () => {
  const started = performance.now();
  const drip = connect(server.port, '127.0.0.1', () =>
    drip.write(
      `POST /api/heartbeat/pause HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${apiToken}\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n{`,
    ),
  );
  const timer = setInterval(() => drip.write(' '), 500);
  const silent = connect(server.port, '127.0.0.1');
  const gone = (socket: typeof drip) =>
    new Promise<void>((resolve) => {
      socket.on('error', () => {});
      socket.resume();
      socket.on('close', () => resolve());
    });
  await Promise.all([gone(drip).then(() => clearInterval(timer)), gone(silent)]);
  // Long before the minute after which a connection on which nothing moves is dropped.
  expect(performance.now() - started).toBeLessThan(45_000);
}, 60_000);

test('a status file that is torn, huge, a folder or nothing is never healthy, and never an error', async () => {
  const state = async () =>
    ((await (await fetch(`${server.url}/api/heartbeat/status`)).json()) as { health: string }).health;
  const until = { timeout: 10_000, interval: 50 };
  for (const content of [
    '',
    '✅',
    '✅ On\n',
    '✅ On\nnever\n{}',
    '{"session_active":',
    Buffer.from([0xff, 0xfe, 0, 1]),
    'x'.repeat(20_000_000),
  ]) {
    writeFileSync(file, content);
    await vi.waitFor(async () => expect(await state()).toBe('unknown'), until);
  }
  rmSync(file);
  await vi.waitFor(async () => expect(await state()).toBe('unknown'), until);
  mkdirSync(file);
  await vi.waitFor(async () => expect(await state()).toBe('unknown'), until);
  rmSync(file, { recursive: true });
  createHeartbeat({ file }).update('✅ Back', true);
  await vi.waitFor(async () => expect(await state()).toBe('healthy'), until);
});
