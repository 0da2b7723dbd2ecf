import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createHeartbeat, readHeartbeatOnce } from '@sentinel/heartbeat-core';
import { afterEach, describe, expect, test } from 'vitest';
import { createWorld, type Way, type World, type WorldOptions } from './world.ts';

const beatsToken = 'beats-token-0123456789';
const apiToken = 'change-token-0123456789';
const readToken = 'read-token-0123456789';

describe.each<Way>(['in-process', 'over a socket'])('beats over HTTP, %s', (way) => {
  let world: World;
  afterEach(() => world.end());
  const open = async (options: WorldOptions = {}) => {
    world = await createWorld(way, { beatsToken, ...options });
  };
  const post = (body: unknown, { token = beatsToken, bot = 'bot' } = {}) =>
    world.ask(`/api/beats/${bot}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const status = async () => {
    world.time.monotonic += 150;
    return world.get('status');
  };

  test('a beat is in the status file when it is answered, and the status of the bot', async () => {
    await open();
    const { status: code, json } = await post({
      status: '✅ Round 7 done',
      session_active: true,
      progress: 7,
    });
    expect([code, json]).toEqual([200, { bot: 'bot', updated_at: '2026-03-01T12:00:00.000Z' }]);
    const [line1, line2, line3, rest] = readFileSync(world.file, 'utf8').split('\n');
    expect([line1, rest]).toEqual(['✅ Round 7 done', '']);
    expect(line2).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
    expect(JSON.parse(line3 ?? '')).toEqual({
      session_active: true,
      progress: 7,
      updated_at: '2026-03-01T12:00:00.000Z',
    });
    expect(readdirSync(dirname(world.file))).toEqual(['heartbeat_status.txt']);
    expect(await status()).toMatchObject({ status: '✅ Round 7 done', health: 'healthy', timestamp: line2 });
  });

  test('it says what a file may say, and unknown keys are shown', async () => {
    await open();
    const exposure = { positions: [{ symbol: 'MCL', side: 'long', quantity: 2, stop: false }] };
    const beat = {
      status: '✅ On',
      session_active: true,
      halted: 'daily loss limit',
      exposure,
      venue: 'CME',
    };
    expect((await post(beat)).status).toBe(200);
    expect(await status()).toMatchObject({
      health: 'halted',
      halted: 'daily loss limit',
      exposure: { positions: [{ symbol: 'MCL', stop: false }] },
      others: { venue: 'CME' },
    });
  });

  test('when it was made counts, and not when it arrived', async () => {
    await open();
    const made = (at: string) => post({ status: '✅ On', session_active: true, updated_at: at });
    expect((await made('2026-03-01T14:50:00+03:00')).json.updated_at).toBe('2026-03-01T11:50:00.000Z');
    expect((await status()).health).toBe('stale');
    // One that is suddenly dated ahead counts once another one has followed it.
    await made('2026-03-01T12:30:00Z');
    expect((await status()).health).toBe('stale');
    await made('2026-03-01T12:30:01Z');
    expect((await status()).warnings).toEqual([expect.stringContaining('clock')]);
  });

  test('a beat that was overtaken by a later one is refused, also by an API that has just been started', async () => {
    await open();
    const beat = (seq: number, instance = 'run-1') =>
      post({ status: `✅ ${seq}`, session_active: true, instance, seq });
    createHeartbeat({ file: world.file, instance: 'run-1', now: () => world.time.now }).update('✅ before');
    world.time.monotonic += 150;
    expect((await beat(1)).status).toBe(409);
    expect((await beat(3)).status).toBe(200);
    expect([(await beat(2)).status, (await beat(3)).status]).toEqual([409, 409]);
    expect((await status()).status).toBe('✅ 3');
    expect((await beat(1, 'run-2')).status).toBe(200);
  });

  test('a beat dated years ahead and a status that is too long are what they are in a file', async () => {
    await open();
    const made = { session_active: true, updated_at: '2036-03-01T12:00:00Z' };
    const long = `✅ ${'x'.repeat(999)}`;
    expect((await post({ status: long, ...made })).status).toBe(200);
    const posted = await status();
    expect(posted).toMatchObject({ health: 'unknown', reason: expect.stringContaining('in the future') });
    expect(posted.status).toMatch(/^✅ x{997}…$/);
    await world.end();
    await open();
    mkdirSync(dirname(world.file));
    writeFileSync(world.file, `${long}\n${posted.timestamp}\n${JSON.stringify(made)}\n`);
    const { health, reason, status: shown } = await status();
    expect({ health, reason, shown }).toEqual({
      health: 'unknown',
      reason: posted.reason,
      shown: posted.status,
    });
  });

  test('a status that says nothing is a beat all the same', async () => {
    await open();
    expect((await post({ status: ' \n ', session_active: true })).status).toBe(200);
    expect((await status()).status).toBe('❓ No status given');
  });

  test.each([
    [{ session_active: true }, 'body/status'],
    [{ status: '✅ On' }, 'body/session_active'],
    [{ status: '✅ On', session_active: 'yes' }, 'body/session_active'],
    [
      { status: '✅ On', session_active: true, seq: -1 },
      'Expected seq to be a whole number from 0, found -1',
    ],
    [
      { status: '✅ On', session_active: true, updated_at: '2026-03-01T12:00:00' },
      'Expected updated_at to be',
    ],
    [{ status: '✅ On', session_active: true, timestamp: '2026-03-01T12:00:00' }, 'Expected no timestamp'],
    [{ status: '✅ On', session_active: true, pid: 4711, host: 'alpha' }, 'Expected boot beside pid'],
    ['{"status":"✅ On","session_active":true,"seq":1,"seq":2}', 'twice'],
    ['{"status":', 'JSON'],
    ['[]', 'documented'],
  ])('%j is refused as a problem that says why, and the file stays', async (body, why) => {
    await open();
    world.bot.update('✅ Before');
    const before = readFileSync(world.file, 'utf8');
    const { status: code, text, header } = await post(body);
    expect(code).toBe(400);
    expect(header('content-type')).toMatch(/^application\/problem\+json/);
    expect(text).toContain(why);
    expect(readFileSync(world.file, 'utf8')).toBe(before);
  });

  test('a beat beyond the limit of a body is refused', async () => {
    await open();
    const { status: code, json } = await post({
      status: '✅ On',
      session_active: true,
      a: 'x'.repeat(17_000),
    });
    expect([code, json.title]).toEqual([413, 'Request too large']);
  });

  test('without a token of its own nobody beats; whoever beats reads nothing and orders nothing', async () => {
    world = await createWorld(way, { apiToken, readToken });
    const beat = { status: '✅ On', session_active: true };
    for (const token of [apiToken, readToken]) {
      const { status: code, json } = await post(beat, { token });
      expect([code, json.detail]).toEqual([403, expect.stringContaining('SENTINEL_BEATS_TOKEN')]);
    }
    await world.end();
    await open({ apiToken, readToken });
    for (const token of [apiToken, readToken, `${beatsToken}x`])
      expect((await post(beat, { token })).status).toBe(401);
    expect((await post(beat)).status).toBe(200);
    const headers = { authorization: `Bearer ${beatsToken}` };
    expect((await world.ask('/api/heartbeat/status', { headers })).status).toBe(401);
    expect((await world.ask('/api/heartbeat/restart', { method: 'POST', headers })).status).toBe(401);
  });

  test('a bot with a token of its own takes the beats of that token alone', async () => {
    await open({
      apiToken,
      readToken,
      beatsTokens: new Map([
        ['bot', 'token-of-this-bot'],
        ['other', 'token-of-another'],
      ]),
    });
    const beat = { status: '✅ On', session_active: true };
    for (const token of [beatsToken, 'token-of-another', apiToken])
      expect((await post(beat, { token })).status, token).toBe(401);
    expect((await post(beat, { token: 'token-of-this-bot' })).status).toBe(200);
    // No one of them is guessing.
    for (let i = 0; i < 12; i += 1) await post(beat, { token: 'token-of-another' });
    expect((await post(beat, { token: 'a-guess-at-it' })).status).toBe(401);
  });

  test('a bot that is not watched here, or whose file is of another format, is said', async () => {
    await open();
    expect((await post({ status: '✅ On', session_active: true }, { bot: 'nobody' })).status).toBe(404);
    await world.end();
    await open({ bots: [{ name: 'bot', file: '/nowhere/log.txt', format: { kind: 'log' } }] });
    const { status: code, json } = await post({ status: '✅ On', session_active: true });
    expect([code, json.detail]).toEqual([409, expect.stringContaining('read as log')]);
  });

  test('a link in the place of the file is replaced, and what it leads to stays', async () => {
    await open();
    const secret = join(world.folder, 'secret.txt');
    mkdirSync(dirname(world.file), { recursive: true });
    writeFileSync(secret, 'kept');
    symlinkSync(secret, world.file);
    expect((await post({ status: '✅ On', session_active: true })).status).toBe(200);
    expect(readFileSync(secret, 'utf8')).toBe('kept');
    expect(readHeartbeatOnce(world.file).kind).toBe('beat');
  });

  test('a beat that cannot be written is not accepted, and the log says why once', async () => {
    await open();
    mkdirSync(world.file, { recursive: true });
    const beat = { status: '✅ On', session_active: true };
    for (let again = 0; again < 3; again += 1) {
      const { status: code, text } = await post(beat);
      expect(code).toBe(503);
      expect(text).not.toContain(world.folder);
    }
    const told = () => world.log.filter((line) => line.startsWith('beats of bot cannot be written'));
    expect(told()).toEqual([expect.stringContaining('ENOTFILE')]);
    rmSync(world.file, { recursive: true });
    expect((await post(beat)).status).toBe(200);
  });

  // Over a socket alone, as whoever floods it comes: it is the same limit, and hundreds of requests.
  if (way === 'over a socket')
    test('nobody beats without end', async () => {
      await open();
      const codes: number[] = [];
      for (let i = 0; i < 601; i += 1)
        codes.push((await post({ status: '✅ On', session_active: true })).status);
      expect(new Set(codes.slice(0, 600))).toEqual(new Set([200]));
      expect(codes.at(-1)).toBe(429);
    });
});
