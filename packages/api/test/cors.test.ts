import { afterEach, expect, test } from 'vitest';
import { createWorld, type World } from './world.ts';

const corsOrigin = 'https://desk.example';
const paths = ['/api/heartbeat/status', '/api/bots', '/api/heartbeat/uptime', '/metrics'];
let world: World;
afterEach(() => world.end());

test('unless an origin is configured, no answer lets another page read it', async () => {
  world = await createWorld('over a socket');
  for (const path of paths) {
    const answer = await world.ask(path, { headers: { origin: corsOrigin } });
    expect([path, answer.header('access-control-allow-origin')]).toEqual([path, null]);
  }
});

test('a page of the configured origin may read, with its token, and give no orders', async () => {
  world = await createWorld('in-process', { corsOrigin, readToken: 'read-token-0123456789' });
  const headers = {
    origin: corsOrigin,
    'access-control-request-method': 'GET',
    'access-control-request-headers': 'authorization,last-event-id',
  };
  for (const path of paths) {
    const asked = await world.ask(path, { method: 'OPTIONS', headers });
    expect([path, asked.status, asked.header('access-control-allow-origin')]).toEqual([
      path,
      204,
      corsOrigin,
    ]);
    expect(asked.header('access-control-allow-methods')).toBe('GET, HEAD');
    expect(asked.header('access-control-allow-headers')).toBe('authorization, last-event-id');
    const authorization = 'Bearer read-token-0123456789';
    const answer = await world.ask(path, { headers: { origin: corsOrigin, authorization } });
    expect([path, answer.status, answer.header('access-control-allow-origin')]).toEqual([
      path,
      200,
      corsOrigin,
    ]);
  }
});

test('the answer to another origin names the configured one, so its browser keeps it from the page', async () => {
  world = await createWorld('over a socket', { corsOrigin });
  const answer = await world.ask('/api/heartbeat/status', { headers: { origin: 'https://evil.example' } });
  expect(answer.header('access-control-allow-origin')).toBe(corsOrigin);
});

test('of several origins each may read, and no other', async () => {
  world = await createWorld('over a socket', { corsOrigin: [corsOrigin, 'https://b.example'] });
  const allowed = async (origin: string) =>
    (await world.ask('/api/heartbeat/status', { headers: { origin } })).header('access-control-allow-origin');
  expect(await allowed(corsOrigin)).toBe(corsOrigin);
  expect(await allowed('https://b.example')).toBe('https://b.example');
  expect(await allowed('https://evil.example')).toBeNull();
});
