import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { createHeartbeat } from '@sentinel/heartbeat-core';
import { openRecords } from '@sentinel/history';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWorld, type World } from './world.ts';

const minute = 60_000;
const hour = 60 * minute;
let world: World;
let journal: string;
let file: string;

beforeEach(async () => {
  const place = await createWorld('in-process');
  journal = join(place.folder, 'sentinel.db');
  file = place.file;
  world = await createWorld('in-process', { bots: [{ name: 'bot', file }], historyFile: journal });
  const end = world.end;
  world = { ...world, end: () => end().then(place.end) };
});
afterEach(() => world.end());

const status = async () => (await world.ask('/api/heartbeat/status')).json;
const pass = (ms: number) => {
  world.time.now += ms;
  world.time.monotonic += ms;
};
const beat = () => createHeartbeat({ file, now: () => world.time.now }).update('✅ On', true);
const asks = (asked: Record<string, unknown>) => {
  const records = openRecords(journal);
  records.setState('supervision:bot', { monitor: 'bot', restartsLeft: 5, pausedUntil: null, ...asked });
  records.close();
  pass(5000);
};

test('a bot is judged by what its monitor asks of it', async () => {
  beat();
  asks({ maxAgeMs: minute, maxStallMs: null, closure: null });
  expect(await status()).toMatchObject({ health: 'healthy', max_age_seconds: 60 });
  pass(minute);
  expect(await status()).toMatchObject({ health: 'stale', closed_until: null });
});

test('a journal that breaks later makes no bot look well that its monitor calls stale', async () => {
  beat();
  asks({ maxAgeMs: minute, maxStallMs: null, closure: null });
  pass(2 * minute);
  expect(await status()).toMatchObject({ health: 'stale', warnings: [] });
  for (const rest of ['', '-wal', '-shm']) writeFileSync(`${journal}${rest}`, 'no database '.repeat(900));
  pass(5000);
  expect(await status()).toMatchObject({ health: 'stale', max_age_seconds: 60 });
});

test('while its market is closed the age stands still, as its monitor has it', async () => {
  beat();
  const from = world.time.now + minute;
  const to = from + 49 * hour;
  asks({ maxAgeMs: 5 * minute, maxStallMs: null, closure: { from, to } });
  pass(24 * hour);
  expect(await status()).toMatchObject({
    health: 'healthy',
    age_seconds: 60,
    closed_until: new Date(to).toISOString(),
    next_deadline: new Date(to + 4 * minute).toISOString(),
  });
  expect((await world.ask('/api/heartbeat/health')).status).toBe(200);
  const { text } = await world.ask('/metrics');
  expect(text).toContain('sentinel_market_closed{bot="bot"} 1');
  expect(text).toContain(`sentinel_market_opened_timestamp_seconds{bot="bot"} ${to / 1000}`);
  pass(25 * hour + 5 * minute);
  expect(await status()).toMatchObject({ health: 'stale', closed_until: null });
});

test('a bot goes on running while its market is closed', async () => {
  const bot = createHeartbeat({ file, now: () => world.time.now });
  bot.update('✅ On', true);
  const from = world.time.now + minute;
  asks({ maxAgeMs: 5 * minute, maxStallMs: null, closure: { from, to: from + 49 * hour } });
  const { uptime } = await status();
  pass(24 * hour);
  expect((await status()).uptime - uptime).toBe((24 * hour) / 1000);
});

describe('a bot that its monitor calls stuck, and an API that has just begun', () => {
  let done = 7;
  const work = (status: string) => {
    mkdirSync(dirname(file), { recursive: true });
    const updated_at = new Date(world.time.now).toISOString().replace('Z', '000Z');
    writeFileSync(
      file,
      `${status}\n${updated_at}\n${JSON.stringify({ session_active: true, progress: done })}\n`,
    );
  };
  const notes = (state: string, aliveAt = world.time.now) => {
    const records = openRecords(journal);
    const at = world.time.now;
    records.setState('monitor-alive:bot', aliveAt);
    records.addBeat({ bot: 'bot', at, state, status: 'x', sessionActive: true, instance: null, ageMs: 0 });
    records.close();
  };
  const asked = { maxAgeMs: 5 * minute, maxStallMs: 10 * minute, closure: null };

  test('it is stuck until its progress is seen to move', async () => {
    work('✅ Turns in a circle');
    notes('stuck');
    asks(asked);
    expect(await status()).toMatchObject({
      health: 'stuck',
      reason: 'beats, but has done no work for 605 s (at most 600 s)',
    });
    work('✅ Still turns');
    pass(1000);
    expect(await status()).toMatchObject({ health: 'stuck' });
    done += 1;
    work('✅ Works again');
    pass(1000);
    expect(await status()).toMatchObject({ health: 'healthy' });
  });

  test('a monitor that is gone, or has changed its mind, is not believed', async () => {
    work('✅ Works');
    notes('stuck', world.time.now - 10 * minute);
    asks(asked);
    expect(await status()).toMatchObject({ health: 'healthy', monitor: { alive: false } });
    notes('stuck');
    pass(1000);
    expect(await status()).toMatchObject({ health: 'stuck' });
    notes('healthy');
    pass(1000);
    expect(await status()).toMatchObject({ health: 'healthy', monitor: { alive: true } });
  });
});

test('what the journal says of a name counts for the file that is watched under it, and for no other', async () => {
  beat();
  asks({ maxAgeMs: 2 * minute });
  expect(await status()).toMatchObject({ max_age_seconds: 120 });
  const records = openRecords(journal);
  records.setState('file:bot', 'elsewhere/other.txt');
  records.close();
  pass(1000);
  expect(await status()).toMatchObject({ max_age_seconds: 300, monitor: { alive: false, last_seen: null } });
  // A file that had the name before is judged by what its own monitor asked for.
  const again = openRecords(journal);
  const supervision = { ...again.supervision('bot'), maxAgeMs: 7000, letGoAt: world.time.now };
  again.setState('files:bot', [{ file: relative(dirname(journal), file), values: { supervision } }]);
  again.close();
  pass(1000);
  expect(await status()).toMatchObject({ max_age_seconds: 7, monitor: { alive: false } });
});

test('a monitor that lives and cannot write its journal is alive, and what is odd is said', async () => {
  beat();
  asks({});
  const records = openRecords(journal);
  records.setState('monitor-alive:bot', world.time.now - minute);
  records.close();
  const holder = { pid: 4711, host: 'here', started_at: new Date().toISOString(), boot: 'elsewhere' };
  writeFileSync(`${file}.monitor.lock.json`, JSON.stringify(holder));
  const updated_at = new Date(world.time.now - 4000).toISOString();
  writeFileSync(
    join(dirname(journal), 'heartbeat_monitor_status.txt'),
    `✅ Watching bot\n${updated_at}\n${JSON.stringify({ session_active: true, updated_at, pid: 4711, host: 'here' })}\n`,
  );
  const since = new Date(world.time.now - minute).toISOString();
  expect(await status()).toMatchObject({
    phase: null,
    monitor: { alive: true, last_seen: updated_at },
    warnings: [
      `The monitor lives, but has written nothing of this bot into the journal since ${since}: see its log`,
    ],
  });
});

test('a monitor that was last seen in three days is not alive', async () => {
  beat();
  const records = openRecords(journal);
  records.setState('monitor-alive:bot', world.time.now + 72 * hour);
  records.close();
  asks({});
  expect(await status()).toMatchObject({ monitor: { alive: false } });
});

test.each([
  ['no numbers', { maxAgeMs: 'soon', closure: null }],
  ['an age below nothing', { maxAgeMs: -1, closure: null }],
  ['a closure that is none', { maxAgeMs: minute, closure: { from: 'Fri' } }],
])('what no monitor of ours wrote is not believed: %s', async (_, asked) => {
  beat();
  asks(asked);
  expect(await status()).toMatchObject({ max_age_seconds: 300, restarts_left: null });
});

test('without a monitor the age that counts is said, and a bot whose process has ended is down', async () => {
  beat();
  pass(5000);
  expect(await status()).toMatchObject({
    health: 'healthy',
    reason: expect.stringContaining("by the API's own 300 s: no monitor's setting is known"),
  });
  const core = new URL('../../heartbeat-core/src/index.ts', import.meta.url).href;
  const at = JSON.stringify(file);
  const script = `import('${core}').then(({ createHeartbeat }) => createHeartbeat({ file: ${at}, now: () => ${world.time.now} }).update('✅ On', true))`;
  const { status: code, pid } = spawnSync(process.execPath, ['--conditions=@sentinel/source', '-e', script]);
  expect(code).toBe(0);
  pass(1000);
  // Elsewhere a beat does not say in which container its number counts, and the host name is asked.
  expect(await status()).toMatchObject({ health: 'down', reason: expect.stringContaining(String(pid)) });
});
