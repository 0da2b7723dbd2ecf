import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { statusAnswer } from '../src/index.ts';
import { createWorld, type Way, type World } from './world.ts';

const status = '/api/heartbeat/status';

describe.each<Way>(['in-process', 'over a socket'])('the API %s', (way) => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld(way);
  });
  afterEach(() => world.end());

  const pass = (ms: number) => {
    world.time.now += ms;
    world.time.monotonic += ms;
  };

  test('without a status file the answer is ❓, and says nothing of folders', async () => {
    const { status: code, json, text } = await world.ask(status);
    expect(code).toBe(200);
    expect(statusAnswer.parse(json)).toMatchObject({
      health: 'unknown',
      indicator: '❓',
      timestamp: null,
      uptime: 0,
    });
    expect(json.status).toMatch(/^❓ /);
    expect(text).not.toContain(world.folder);
  });

  test('a beat is answered as it was written, and ages', async () => {
    world.bot.update('✅ Trade executed', true);
    pass(7000);
    const { json, header } = await world.ask(status);
    expect(json).toMatchObject({
      status: '✅ Trade executed',
      session_active: true,
      uptime: 7,
      health: 'healthy',
      age_seconds: 7,
      session: 'active',
      bot: 'bot',
      instance: world.bot.instance,
    });
    expect(json.last_update).toBe(json.timestamp);
    expect(header('cache-control')).toBe('no-store');
    expect(header('x-content-type-options')).toBe('nosniff');
  });

  test('healthy up to the deadline, stale right after it', async () => {
    world.bot.update('✅ On', true);
    const { json } = await world.ask(status);
    const left = Date.parse(json.next_deadline) - world.time.now;
    pass(left - 1);
    expect((await world.ask(status)).json.health).toBe('healthy');
    pass(1);
    expect((await world.ask(status)).json).toMatchObject({ health: 'stale', session: 'unknown', uptime: 0 });
  });

  test('a bot that dies and returns is told at once', async () => {
    world.bot.update('✅ On', true);
    pass(400_000);
    expect((await world.ask(status)).json.health).toBe('stale');
    world.bot.update('✅ Back', true);
    expect((await world.ask(status)).json).toMatchObject({ health: 'healthy', status: '✅ Back' });
  });

  test('a file that is rewritten without a new beat stays stale', async () => {
    const text = '✅ On\n2026-03-01T12:00:00Z\n{"session_active": true}';
    world.bot.update('❌ begin');
    writeFileSync(world.file, text);
    await world.ask(status);
    pass(301_000);
    writeFileSync(world.file, text);
    pass(200);
    expect((await world.ask(status)).json.health).toBe('stale');
  });

  test('an unchanged answer is not sent twice', async () => {
    world.bot.update('✅ On');
    const first = await world.ask(status);
    const etag = first.header('etag') ?? '';
    expect(etag).toMatch(/^".+"$/);
    const again = await world.ask(status, { headers: { 'if-none-match': `"other", W/${etag}` } });
    expect([again.status, again.text]).toEqual([304, '']);
    world.bot.update('✅ Off');
    expect((await world.ask(status, { headers: { 'if-none-match': etag } })).status).toBe(200);
  });

  test.each([
    ['✅ On', {}, 200, 'pass'],
    ['❌ Login failed', {}, 200, 'warn'],
    ['✅ Done', { stopped: true }, 200, 'warn'],
  ])('health of %s %o', async (text, options, code, verdict) => {
    world.bot.update(text, options);
    const answer = await world.ask('/api/heartbeat/health');
    expect(answer.header('content-type')).toMatch(/^application\/health\+json/);
    expect([answer.status, answer.json.status]).toEqual([code, verdict]);
    expect(answer.json.checks['bot:age'][0]).toMatchObject({ componentType: 'component', observedUnit: 's' });
  });

  test('a bot that fails makes the health 503, and the API itself still lives', async () => {
    const answer = await world.ask('/api/heartbeat/health');
    expect([answer.status, answer.json.status]).toEqual([503, 'fail']);
    expect(answer.json.checks['bot:age'][0]).toMatchObject({ observedValue: null, status: 'fail' });
    expect((await world.ask('/livez')).status).toBe(200);
    expect((await world.ask('/readyz')).status).toBe(200);
  });

  test('metrics carry instants in seconds and one state', async () => {
    world.bot.update('✅ On', true);
    const { text, header } = await world.ask('/metrics');
    expect(header('content-type')).toMatch(/^text\/plain/);
    expect(text).toContain(`sentinel_heartbeat_last_timestamp_seconds{bot="bot"} ${world.time.now / 1000}`);
    expect(text).toContain('sentinel_state{bot="bot",state="healthy"} 1');
    expect(text).toContain('sentinel_state{bot="bot",state="stale"} 0');
    expect(text).toContain('sentinel_build_info{version="1.2.3"} 1');
    for (const name of ['up', 'session_active']) expect(text).toContain(`sentinel_${name}{bot="bot"} 1`);
    for (const name of ['restarts', 'incidents', 'notifications'])
      expect(text).toContain(`# TYPE sentinel_${name}_total counter`);
  });

  test('the badges say the state', async () => {
    world.bot.update('✅ On');
    const svg = await world.ask('/api/heartbeat/badge.svg');
    expect(svg.header('content-type')).toMatch(/^image\/svg\+xml/);
    expect(svg.text).toContain('bot: healthy');
    expect((await world.ask('/api/heartbeat/badge.json')).json).toEqual({
      schemaVersion: 1,
      label: 'bot',
      message: 'healthy',
      color: '1a7f37',
      isError: false,
    });
  });

  test('without a journal nothing is known of the past, and that is what it says', async () => {
    expect((await world.ask('/api/heartbeat/history')).json).toMatchObject({ items: [], next_cursor: null });
    expect((await world.ask('/api/heartbeat/incidents')).json).toMatchObject({
      items: [],
      next_cursor: null,
    });
    const { json } = await world.ask('/api/heartbeat/uptime?window=7d');
    expect(json).toMatchObject({ up_seconds: 0, unknown_seconds: 7 * 86_400, uptime_percent: null });
    expect(json.days).toHaveLength(8);
  });

  test('errors are problem documents', async () => {
    const cases = [
      ['/nothing', 404],
      [`${status}?bot=other`, 404],
      ['/api/heartbeat/history?limit=0', 400],
      ['/api/heartbeat/history?since=yesterday', 400],
      ['/api/heartbeat/history?cursor=AAAA', 400],
      ['/api/heartbeat/uptime?window=1y', 400],
    ] as const;
    for (const [path, code] of cases) {
      const answer = await world.ask(path);
      expect([path, answer.status, answer.json?.status]).toEqual([path, code, code]);
      expect(answer.header('content-type')).toMatch(/^application\/problem\+json/);
    }
    const put = await world.ask(status, { method: 'POST', body: '' });
    expect([put.status, put.header('allow')]).toEqual([405, 'GET, HEAD']);
  });

  test('a method that a path does not take is answered with those that it takes, and with nothing of the request', async () => {
    const allowed = async (method: 'GET' | 'POST' | 'PUT', path: string) => {
      const headers = { 'content-type': 'application/json', authorization: 'Bearer s3cret-token' };
      const body = method === 'GET' ? {} : { body: '{"a":"s3cret"}' };
      const { status, header, text } = await world.ask(path, { method, headers, ...body });
      expect(text).not.toMatch(/s3cret|t0ken/);
      return [status, header('allow')];
    };
    expect(await allowed('GET', '/api/heartbeat/pause')).toEqual([405, 'POST']);
    expect(await allowed('GET', '/api/beats/bot?a=t0ken')).toEqual([405, 'POST']);
    expect(await allowed('PUT', '/api/heartbeat/orders/7')).toEqual([405, 'GET, HEAD']);
    expect(await allowed('POST', '/livez/')).toEqual([405, 'GET, HEAD']);
    expect(await allowed('PUT', '/api/beats/bot/t0ken')).toEqual([404, null]);
    expect(await allowed('PUT', '/api/heartbeat/:id')).toEqual([404, null]);
  });

  test('orders are refused where no token is configured, and the reason says what to set', async () => {
    const answer = await world.ask('/api/heartbeat/restart', { method: 'POST' });
    expect(answer.status).toBe(403);
    expect(answer.json.detail).toContain('SENTINEL_API_TOKEN');
  });

  test('the description lists every route, and the page is made from it', async () => {
    const { json } = await world.ask('/openapi.json');
    expect(Object.keys(json.paths).sort()).toMatchSnapshot();
    const page = await world.ask('/docs');
    expect(page.header('content-security-policy')).toContain("default-src 'none'");
    expect(page.header('content-security-policy')).not.toContain('unsafe');
    for (const path of Object.keys(json.paths)) expect(page.text).toContain(path);
    expect(page.text).not.toMatch(/<script|style=|https?:\/\//);
  });
});
