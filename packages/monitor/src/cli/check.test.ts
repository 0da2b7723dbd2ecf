import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { defaultHealthPolicy, parseStatusFile, see } from '@sentinel/heartbeat-core';
import { openRecords, type Supervision } from '@sentinel/history';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { standOf } from '../core/stall.ts';
import { check } from './check.ts';
import { status } from './status.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-check-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Open on one day of the week only, three days from now. */
const closedNow = () => {
  const names = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
  const day = (ahead: number) => `${names[(new Date().getUTCDay() + ahead) % 7]} 00:00`;
  return { timeZone: 'UTC', weeklyClosures: [{ from: day(4), to: day(3) }] };
};

test('an old beat is no alarm while the market has been closed since, and one all the same where it was open', async () => {
  const file = join(folder, 'status.txt');
  const twoHoursAgo = new Date(Date.now() - 2 * 3_600_000).toISOString();
  writeFileSync(file, `✅ On\n${twoHoursAgo}\n{"session_active": true}\n`);
  const bot = { name: 'bot', file, health: defaultHealthPolicy };
  expect((await check([{ ...bot, marketHours: null }])).code).toBe(2);
  expect(await check([{ ...bot, marketHours: { timeZone: 'UTC' } }])).toMatchObject({ code: 2 });
  expect(await check([{ ...bot, marketHours: closedNow() }])).toMatchObject({
    code: 0,
    line: 'HEARTBEAT OK - bot healthy 0s (max 300s) | age=0s;;300;0',
  });
});

test.each([
  [[{ symbol: 'MCL', side: 'long', quantity: 2, stop: false }], ', exposed'],
  [[{ symbol: 'MCL', side: 'long', quantity: 0 }], ''],
  [[], ''],
])('a bot with open positions is exposed, in one word: %j', async (positions, word) => {
  const file = join(folder, 'status.txt');
  const beat = { session_active: true, exposure: { positions } };
  writeFileSync(file, `✅ On\n2026-05-06T12:00:00Z\n${JSON.stringify(beat)}\n`);
  const { line, json } = await check([{ name: 'bot', file, health: defaultHealthPolicy, marketHours: null }]);
  expect(line).toMatch(
    new RegExp(`^HEARTBEAT CRITICAL - bot stale \\d+s \\(max 300s\\)${word} \\| age=\\d+s;;300;0$`),
  );
  expect((json as { exposure?: string }).exposure).toBe(
    word === '' ? undefined : '2 MCL long, no resting stop',
  );
});

test('a beat of the future is unknown, whatever the hours', async () => {
  const file = join(folder, 'status.txt');
  writeFileSync(file, '✅ On\n2099-01-01T00:00:00Z\n{"session_active": true}\n');
  const bot = { name: 'bot', file, health: defaultHealthPolicy, marketHours: closedNow() };
  expect((await check([bot])).code).toBe(3);
});

describe('beside a monitor that lives', () => {
  const file = () => join(folder, 'status.txt');
  const text = (at: number) => `✅ On\n${new Date(at).toISOString()}\n{"session_active": true}\n`;
  /** The monitor has seen a beat of this date come so many seconds ago, and knows how far the bot's clock is ahead. */
  const seen = (
    stamp: number,
    secondsAgo: number,
    over: { aheadMs?: number; watched?: boolean; phase?: string } = {},
  ) => {
    const records = openRecords(join(folder, 'sentinel.db'));
    const now = Date.now();
    const { aheadMs = null, watched = true, phase = 'up' } = over;
    const said = { monitor: 'bot', phase, restartsLeft: null, pausedUntil: null };
    records.setState('supervision:bot', { ...said, maxAgeMs: 60_000, aheadMs });
    records.setState('monitor-alive:bot', now);
    const lastBeat = { key: `  ${stamp}`, at: now - secondsAgo * 1000 - 5, latestAt: 0, watched };
    records.setState('monitor:bot', { lastBeat, clock: { of: 'a', drift: 5 } });
    records.close();
  };
  const ageOf = async () => {
    const bot = { name: 'bot', file: file(), health: defaultHealthPolicy, marketHours: null };
    return (await check([bot], join(folder, 'sentinel.db'))).json;
  };
  const hour = 3_600_000;

  test('a beat whose file has a time of another clock is as old as the monitor saw it come', async () => {
    const now = Date.now();
    writeFileSync(file(), text(now));
    utimesSync(file(), new Date(now - hour), new Date(now - hour));
    expect(await ageOf()).toMatchObject({ state: 'stale' });
    seen(now, 3);
    expect(await ageOf()).toMatchObject({ state: 'healthy', age_seconds: 3 });
    seen(now, 90);
    expect(await ageOf()).toMatchObject({ state: 'stale', age_seconds: 90 });
  });

  test('a beat that counts for nothing yet since the clock was set leaves the age of the one before', async () => {
    const now = Date.now();
    writeFileSync(file(), text(now));
    seen(now, 12, { aheadMs: 9 * hour, watched: false });
    expect(await ageOf()).toMatchObject({ state: 'healthy', age_seconds: 12 });
    // Another beat than the monitor has seen so far.
    seen(now - 5000, 12, { aheadMs: 9 * hour });
    expect(await ageOf()).toMatchObject({ state: 'healthy', age_seconds: 12 });
    seen(now - 5000, 70, { aheadMs: 9 * hour });
    expect(await ageOf()).toMatchObject({ state: 'stale', age_seconds: 70 });
  });

  test('a copy of an earlier beat over its last words takes back no planned end, and a later beat does', async () => {
    const now = Date.now();
    writeFileSync(file(), text(now - hour));
    seen(now - 90_000, 90, { phase: 'stopped' });
    expect(await ageOf()).toMatchObject({ state: 'stopped' });
    seen(now - 90_000, 90);
    expect(await ageOf()).toMatchObject({ state: 'stale', age_seconds: 90 });
    writeFileSync(file(), text(now));
    seen(now - 90_000, 90, { phase: 'stopped' });
    expect(await ageOf()).toMatchObject({ state: 'healthy' });
  });

  test('a beat of the future that nobody saw come is unknown all the same', async () => {
    const ahead = Date.now() + hour;
    writeFileSync(file(), text(ahead));
    seen(ahead, 3, { watched: false });
    expect(await ageOf()).toMatchObject({ state: 'unknown' });
  });
});

test('a dead bot whose clock was ahead is as old as its file, in market hours too', async () => {
  const file = join(folder, 'status.txt');
  const now = Date.now();
  const written = new Date(now - 10 * 60_000);
  writeFileSync(file, `✅ On\n${new Date(now - 5000).toISOString()}\n{"session_active": true}\n`);
  utimesSync(file, written, written);
  const bot = { name: 'bot', file, health: defaultHealthPolicy };
  const stale = { code: 2, json: { state: 'stale', age_seconds: 600 } };
  expect(await check([{ ...bot, marketHours: null }])).toMatchObject(stale);
  expect(await check([{ ...bot, marketHours: { timeZone: 'UTC' } }])).toMatchObject(stale);
  expect((await check([{ ...bot, marketHours: closedNow() }])).code).toBe(0);
});

describe('a bot that beats and gets nothing done', () => {
  const minute = 60_000;
  const database = () => join(folder, 'sentinel.db');
  const textOf = (details: object, at = Date.now()) =>
    `✅ On\n${new Date(at).toISOString()}\n${JSON.stringify({ session_active: true, ...details })}\n`;
  /** A bot whose file has this beat. */
  const beating = (details: object, maxStallMinutes: number | null = null, agoMs = 0) => {
    const file = join(folder, 'status.txt');
    writeFileSync(file, textOf(details, Date.now() - agoMs));
    const maxStallMs = maxStallMinutes === null ? null : maxStallMinutes * minute;
    return { name: 'bot', file, health: { ...defaultHealthPolicy, maxStallMs }, marketHours: null };
  };
  /** What a monitor has written that sees it stand still since so many minutes. */
  const watched = (details: object, minutesAgo: number, over: Partial<Supervision> = {}) => {
    const now = Date.now();
    const reading = parseStatusFile(textOf(details));
    const mark = standOf(reading, see(undefined, reading, 0), 0)?.mark ?? null;
    const records = openRecords(database());
    const said = { monitor: 'bot', phase: 'up', restartsLeft: null, pausedUntil: null };
    const supervision = { ...said, maxStallMs: 10 * minute, closure: null, ...over };
    records.setState('supervision:bot', supervision);
    records.setState('monitor-alive:bot', now);
    records.standStill({ bot: 'bot', at: now, mark, since: now - minutesAgo * minute });
    records.close();
  };
  const run = { instance: 'a', progress: 7 };
  const codeOf = async (bot: ReturnType<typeof beating>) => (await check([bot], database())).code;

  test('is stuck once its monitor has seen the same progress for longer than max-stall', async () => {
    watched(run, 11);
    expect(await check([beating(run)], database())).toMatchObject({
      code: 2,
      line: expect.stringMatching(
        /^HEARTBEAT CRITICAL - bot stuck 0s \(max 300s\): .*no work for 66\d s \(at most 600 s\) \| age=0s;;300;0$/,
      ),
      json: { state: 'stuck' },
    });
    watched(run, 9);
    expect(await codeOf(beating(run))).toBe(0);
  });

  test('goes by the longest standstill that a flag gives, in place of the monitor’s', async () => {
    watched(run, 11);
    expect([await codeOf(beating(run, 5)), await codeOf(beating(run, 15))]).toEqual([2, 0]);
    watched(run, 11, { maxStallMs: null });
    expect([await codeOf(beating(run)), await codeOf(beating(run, 5))]).toEqual([0, 2]);
  });

  test('is as old as its monitor lets it be, unless somebody else says a maximum age', async () => {
    watched(run, 0, { maxAgeMs: minute });
    const bot = beating(run, null, 2 * minute);
    expect(await check([bot], database())).toMatchObject({
      code: 2,
      line: expect.stringContaining('stale 120s (max 60s) | age=120s;;60;0'),
    });
    expect((await check([{ ...bot, maxAgeGiven: true }], database())).code).toBe(0);
    expect((await check([bot])).code).toBe(0);
  });

  test('has come back or got on when its run or its progress is another one than the journal has', async () => {
    watched(run, 60);
    for (const other of [{ progress: 8 }, { progress: '7' }, { instance: 'b' }, { progress: undefined }])
      expect(await codeOf(beating({ ...run, ...other }))).toBe(0);
    expect(await codeOf(beating(run))).toBe(2);
  });

  test('is stuck also when the monitor that saw it is gone, for `status` too', async () => {
    watched(run, 60, { monitor: 'gone' });
    const records = openRecords(database());
    records.setState('monitor-alive:gone', Date.now() - 60 * minute);
    records.close();
    const bot = beating(run);
    expect([await codeOf(bot), (await status([bot], database())).code]).toEqual([2, 2]);
  });

  test('is not stuck for the time in which its market was closed', async () => {
    const now = Date.now();
    watched(run, 60, { closure: { from: now - 58 * minute, to: now - 5 * minute } });
    expect(await codeOf(beating(run))).toBe(0);
    watched(run, 60, { closure: { from: now - 45 * minute, to: now - 5 * minute } });
    expect(await codeOf(beating(run))).toBe(2);
  });

  test('is stale when it is silent too', async () => {
    watched(run, 60);
    expect(await check([beating(run, null, 6 * minute)], database())).toMatchObject({
      code: 2,
      json: { state: 'stale' },
    });
  });

  test('without a journal it is one look, and none is made', async () => {
    expect(await codeOf(beating(run, 1))).toBe(0);
    expect(readdirSync(folder)).toEqual(['status.txt']);
  });

  test('with a damaged journal it is one look, and the file is left as it is', async () => {
    const damaged = 'this was a journal once\n'.repeat(500);
    writeFileSync(database(), damaged);
    expect(await codeOf(beating(run, 1))).toBe(0);
    expect(readFileSync(database(), 'utf8')).toBe(damaged);
  });

  test('with a locked journal it is one look that waits for nobody', async () => {
    watched(run, 60);
    const other = new DatabaseSync(database());
    other.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
    // A wait is in each of them; a machine that is busy is so now and then.
    const took: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const began = performance.now();
      expect(await codeOf(beating(run, 1))).toBe(0);
      took.push(performance.now() - began);
    }
    expect(Math.min(...took)).toBeLessThan(1500);
    other.exec('COMMIT');
    other.close();
    expect(await codeOf(beating(run, 1))).toBe(2);
  });

  test('with a journal from before there were stalls it is one look', async () => {
    watched(run, 60);
    const old = new DatabaseSync(database());
    old.exec('DROP TABLE stalls');
    old.close();
    expect(await codeOf(beating(run, 1))).toBe(0);
  });

  test('how far a restart would be safe holds while the monitor lives that has said it', async () => {
    const custody = 'safe: process 7 would be ended first';
    const verbose = async () =>
      (await check([beating({})], database(), { verbose: true })).line.split('\n')[1];
    expect(await verbose()).toBe('bot: restarts: no monitor has said');
    watched({}, 0, { custody });
    expect(await verbose()).toBe(`bot: a restart is ${custody}`);
    watched({}, 0, { custody: null });
    expect(await verbose()).toBe('bot: restarts: off (no --restart given)');
    const records = openRecords(database());
    records.setState('monitor-alive:bot', Date.now() - 10 * minute);
    records.close();
    const unknown =
      'not known, since its monitor has written nothing for 10 minutes (see `sentinel-monitor status`)';
    expect(await verbose()).toBe(`bot: restarts: ${unknown}`);
    const ended = openRecords(database());
    ended.setState('monitor-ended:bot', ended.getState('monitor-alive:bot'));
    ended.close();
    expect(await verbose()).toBe('bot: restarts: none, since no monitor watches it');
  });

  test('a command that is given is asked about with the beat that is there', async () => {
    const bot = { ...beating({}), command: './no-such-bot' };
    const { line } = await check([bot], undefined, { verbose: true });
    expect(line).toContain('a restart is not safe: the beats name no process');
  });
});
