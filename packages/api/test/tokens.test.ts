import { afterEach, describe, expect, test, vi } from 'vitest';
import { createWorld, type Way, type World } from './world.ts';

const apiToken = 'change-token-0123456789';
const readToken = 'read-token-0123456789';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe.each<Way>(['in-process', 'over a socket'])('tokens %s', (way) => {
  let world: World;
  afterEach(() => world.end());

  const guarded = [
    '/api/heartbeat/status',
    '/api/bots',
    '/api/heartbeat/health',
    '/api/peers',
    '/api/heartbeat/history',
    '/api/heartbeat/incidents',
    '/api/heartbeat/uptime',
    '/api/heartbeat/badge.svg',
    '/api/heartbeat/badge.json',
    '/api/heartbeat/stream',
    '/metrics',
  ];

  test('with a read token nothing of the bots is told without it', async () => {
    world = await createWorld(way, { readToken, apiToken });
    for (const path of guarded) {
      const answer = await world.ask(path);
      expect([path, answer.status]).toEqual([path, 401]);
      expect(answer.header('www-authenticate')).toMatch(/^Bearer /);
    }
    for (const path of ['/livez', '/readyz', '/openapi.json', '/docs'])
      expect([path, (await world.ask(path)).status]).toEqual([path, 200]);
    for (const token of [readToken, apiToken])
      expect((await world.ask('/api/heartbeat/status', { headers: bearer(token) })).status).toBe(200);
  });

  test('the read token changes nothing', async () => {
    world = await createWorld(way, { readToken, apiToken });
    const headers = bearer(readToken);
    expect((await world.ask('/api/heartbeat/restart', { method: 'POST', headers })).status).toBe(401);
  });

  test('wrong tokens are slowed down for a minute, and do not shut the right one out', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      world = await createWorld(way, { readToken, apiToken });
      const attempt = (token: string) => world.ask('/api/heartbeat/status', { headers: bearer(token) });
      for (let i = 0; i < 10; i += 1) expect((await attempt(`wrong-${i}`)).status).toBe(401);
      const refused = await attempt('wrong-again');
      expect(refused.status).toBe(429);
      expect(Number(refused.header('retry-after'))).toBeGreaterThan(0);
      expect((await attempt(readToken)).status).toBe(200);
      expect(world.log.filter((line) => line.includes('10 wrong tokens'))).toHaveLength(1);
      vi.advanceTimersByTime(61_000);
      expect((await attempt('wrong-later')).status).toBe(401);
    } finally {
      vi.useRealTimers();
    }
  });

  // Over a socket alone, as whoever floods it comes: it is the same limit, and hundreds of requests.
  if (way === 'over a socket')
    test.each(['/metrics', '/api/heartbeat/history'])(
      'what %s costs nobody may ask for without end',
      async (path) => {
        world = await createWorld(way);
        const statuses: number[] = [];
        for (let i = 0; i < 601; i += 1) statuses.push((await world.ask(path)).status);
        expect(new Set(statuses.slice(0, 600))).toEqual(new Set([200]));
        expect(statuses.at(-1)).toBe(429);
      },
    );

  test.each([
    '',
    'Basic eDp5',
    'Bearer',
    'Bearer  ',
    `Bearer ${apiToken}x`,
    `Bearer ${apiToken.slice(0, -1)}`,
    apiToken,
  ])('no order with the authorization %o, and the answer repeats nothing of it', async (authorization) => {
    world = await createWorld(way, { apiToken });
    const headers: Record<string, string> = authorization === '' ? {} : { authorization };
    const answer = await world.ask('/api/heartbeat/pause', { method: 'POST', headers });
    expect(answer.status).toBe(401);
    expect(answer.text).not.toContain(apiToken.slice(0, 8));
    expect(world.log.join('\n')).not.toContain(apiToken.slice(0, 8));
  });

  test('an order that cannot be written down is not accepted', async () => {
    world = await createWorld(way, { apiToken });
    const answer = await world.ask('/api/heartbeat/pause', { method: 'POST', headers: bearer(apiToken) });
    expect(answer.status).toBe(503);
  });

  test.each(['{"minutes":-1}', '{"minutes":"ten"}', '{"reason":""}', '{', '[]', '"x"'])(
    'an order that makes no sense is refused: %s',
    async (body) => {
      world = await createWorld(way, { apiToken });
      const headers = { ...bearer(apiToken), 'content-type': 'application/json' };
      const answer = await world.ask('/api/heartbeat/pause', { method: 'POST', headers, body });
      expect(answer.status).toBe(400);
      expect(answer.header('content-type')).toMatch(/^application\/problem\+json/);
    },
  );
});
