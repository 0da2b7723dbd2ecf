import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireInstanceLock, defaultHealthPolicy, thisBoot } from '@sentinel/heartbeat-core';
import { openRecords, openStore, type Records, type Supervision, willTroubleKey } from '@sentinel/history';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Phase } from '../core/phases.ts';
import { defaultRestartPolicy } from '../core/policy.ts';
import { supervisionOf } from '../core/supervision.ts';
import { initialState } from '../core/supervisor-state.ts';
import { openJournal } from '../shell/journal/journal.ts';
import { check } from './check.ts';
import { namesIn } from './read-journal.ts';
import { status } from './status.ts';

let folder: string;
let records: Records;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-status-'));
  records = openRecords(database());
});
afterEach(() => {
  records.close();
  rmSync(folder, { recursive: true, force: true });
});

const minute = 60_000;
const database = () => join(folder, 'sentinel.db');
const beatOf = (ageMs: number) => {
  const file = join(folder, 'status.txt');
  const at = new Date(Date.now() - ageMs).toISOString();
  writeFileSync(file, `✅ On\n${at}\n{"session_active": true}\n`);
  return { name: 'bot', file, health: defaultHealthPolicy, marketHours: null };
};
/** What a monitor that lives, or lived a while ago, has written down. */
const written = (phase: Phase, state: string, over: Partial<Supervision> = {}, agoMs = 0) => {
  const supervision: Supervision = {
    monitor: 'bot',
    phase,
    restartsLeft: 3,
    pausedUntil: null,
    halted: null,
    haltedUntil: null,
    maxAgeMs: 5 * minute,
    maxStallMs: null,
    maxFeedAgeMs: null,
    closure: null,
    custody: null,
    aheadMs: null,
    behindMs: null,
    format: null,
    course: null,
    ...over,
  };
  records.setState('supervision:bot', supervision);
  records.setState('monitor-alive:bot', Date.now() - agoMs);
  const beat = { bot: 'bot', at: Date.now(), status: '✅ On', sessionActive: true, instance: null, ageMs: 0 };
  records.addBeat({ ...beat, state });
};
const ill = (state: string, reason: string) =>
  records.openIncident({ bot: 'bot', at: Date.now(), state, reason });

test('a bot that its monitor found stuck is critical, though one look finds a fresh beat', async () => {
  const bot = beatOf(0);
  written('down', 'stuck');
  ill('stuck', 'beats, but has done no work for 3 s (at most 3 s)');
  const { code, line, json } = await status([bot], database());
  expect(code).toBe(2);
  expect(line).toMatch(
    /^HEARTBEAT CRITICAL - bot stuck 0s \(max 300s\): beats, but has done no work for 3 s/,
  );
  expect(json).toMatchObject({ state: 'stuck', monitor_alive: true, phase: 'down' });
});

test.each([
  ['down', 2],
  ['exhausted', 2],
  ['restarting', 2],
  ['settling', 1],
  ['up', 1],
] as const)('an incident that is open is never OK: in phase %s the code is %i', async (phase, code) => {
  const bot = beatOf(0);
  written(phase, 'healthy');
  ill('stale', 'no beat for 312 s');
  const outcome = await status([bot], database());
  expect(outcome).toMatchObject({ code, json: { incident_since: expect.stringMatching(/Z$/) } });
  expect(outcome.line).toContain('no beat for 312 s');
});

test('the maximum age is that of the monitor, unless a flag gives one', async () => {
  const bot = beatOf(2 * minute);
  written('up', 'healthy', { maxAgeMs: minute });
  expect(await status([bot], database())).toMatchObject({
    code: 2,
    line: expect.stringContaining('stale 120s (max 60s)'),
  });
  expect((await status([bot], database(), { ownMaxAge: true })).code).toBe(0);
});

test('plain, it says what a check says and nothing else', async () => {
  written('up', 'healthy');
  const { line, code } = await status([beatOf(0)], database(), { plain: true });
  expect({ code, lines: line.split('\n').length }).toEqual({ code: 0, lines: 1 });
  expect(line).toMatch(/^HEARTBEAT OK - /);
});

test('a last will that cannot be left is said until it is', async () => {
  const said = async () => (await status([beatOf(0)], database())).line;
  records.setState(willTroubleKey, 'The last will cannot be left.');
  expect(await said()).toMatch(/\nThe last will cannot be left\.$/);
  records.setState(willTroubleKey, null);
  expect(await said()).not.toContain('last will');
});

test('a beat does not age in the closure that the monitor knows of', async () => {
  const bot = beatOf(60 * minute);
  const closure = { from: Date.now() - 59 * minute, to: Date.now() + 60 * minute };
  written('up', 'healthy', { closure });
  expect((await status([bot], database())).code).toBe(0);
});

test('what a monitor wrote that is gone counts for nothing, and that it is gone is said', async () => {
  const bot = beatOf(0);
  written('down', 'stuck', { maxAgeMs: 10 * minute }, minute);
  expect(await status([bot], database())).toMatchObject({
    code: 0,
    line: expect.stringContaining('no monitor watches it, the last one was seen 1 minute ago'),
    json: { monitor_alive: false, phase: null, restarts_left: null },
  });
});

test('a monitor that was ended on purpose watches no more from that moment on, and a new one does', async () => {
  const bot = beatOf(0);
  const database = join(folder, 'own.db');
  const store = openStore(database);
  const journal = openJournal(store, 'bot', Date.now);
  const rules = { health: bot.health, restart: defaultRestartPolicy };
  journal.supervised('bot', supervisionOf('bot', initialState(0, 0), 0, rules, null, null, null));
  const watched = async () => (await status([bot], database)).json;
  const now = Date.now();
  journal.alive(now - 3000);
  store.flush();
  expect(await watched()).toMatchObject({ monitor_alive: true });
  journal.ended(now);
  expect(await watched()).toMatchObject({ monitor_alive: false });
  expect((await status([bot], database)).line).toMatch(
    /no monitor watches it, the last one was ended .* ago/,
  );
  // What the next one says of this one's absence goes by the same sign of life.
  expect(journal.lastAlive()).toBe(now);
  journal.alive(now + 1);
  store.flush();
  expect(await watched()).toMatchObject({ monitor_alive: true });
  store.close();
});

test('a journal that cannot be read is told as such', async () => {
  const bot = beatOf(0);
  const broken = join(folder, 'broken.db');
  writeFileSync(broken, 'this is no database, and it is long enough to be seen as none'.repeat(50));
  const outcome = await status([bot], broken);
  expect(outcome).toMatchObject({ code: 3, json: { state: 'unknown' } });
  expect(outcome.line).toContain('the journal cannot be read, so its maximum age is not known');
  // Who says the maximum age needs no journal for it, and what is ill by the usual one is ill.
  expect((await status([bot], broken, { ownMaxAge: true })).code).toBe(0);
  expect((await status([{ ...bot, maxAgeGiven: true }], broken)).code).toBe(0);
  expect((await status([beatOf(6 * minute)], broken)).code).toBe(2);
  expect(namesIn(broken)).toBeNull();
});

test('a monitor that lives and cannot write its journal is told by its lock, and by its own status file', async () => {
  const bot = beatOf(0);
  written('down', 'stuck', {}, minute);
  const lock = acquireInstanceLock(`${bot.file}.monitor`);
  const pid = `process ${process.pid}`;
  try {
    const outcome = await status([bot], database());
    expect(outcome).toMatchObject({ json: { monitor_alive: true, monitor_pid: process.pid, phase: null } });
    expect(outcome.line).toContain(`watched by ${pid}`);
    expect(outcome.line).not.toContain('no monitor watches');
    const now = new Date(Date.now() - 3000).toISOString();
    writeFileSync(
      join(folder, 'heartbeat_monitor_status.txt'),
      `✅ Watching 1 bot\n${now}\n{"session_active": true, "pid": ${process.pid}, "updated_at": "${now}"}\n`,
    );
    const broken = join(folder, 'broken.db');
    writeFileSync(broken, 'this is no database, and it is long enough to be seen as none'.repeat(50));
    expect((await status([bot], broken)).line).toMatch(
      new RegExp(
        `watched by ${pid} on .*, its last sign of life was 3 seconds ago; the journal cannot be read`,
      ),
    );
  } finally {
    lock.release();
  }
  expect(await status([bot], database())).toMatchObject({
    line: expect.stringContaining('no monitor watches it'),
    json: { monitor_alive: false },
  });
});

test('a monitor that may write nothing beside the file is found by its claim, and its maximum age is not known', async () => {
  const bot = beatOf(10_000);
  const lock = acquireInstanceLock(bot.file, { suffix: '.monitor', claimOnly: true });
  try {
    const json = { state: 'unknown', monitor_alive: true, monitor_pid: process.pid };
    expect(await status([bot], database())).toMatchObject({ code: 3, json });
    expect((await status([bot], database())).line).toContain('has not written its maximum age here');
    expect((await check([bot], database())).code).toBe(3);
    expect((await check([{ ...bot, maxAgeGiven: true }], database())).code).toBe(0);
  } finally {
    lock.release();
  }
});

test('a bot whose clock is behind is as old as its monitor sees it, while that lives', async () => {
  const bot = beatOf(400_000);
  written('up', 'healthy', { behindMs: 395_000 });
  expect(await status([bot], database())).toMatchObject({
    code: 0,
    json: { state: 'healthy', age_seconds: 5 },
  });
  expect(await check([bot], database())).toMatchObject({
    code: 0,
    json: { state: 'healthy', age_seconds: 5 },
  });
});

test('a bot whose clock was behind is as old as its date says where no monitor lives, and that is said', async () => {
  const bot = beatOf(400_000);
  written('up', 'healthy', { behindMs: 395_000 }, minute);
  const words =
    /bot stale 400s \(max 300s\), by its date, and its clock was 6 minutes 35 seconds behind: no monitor lives/;
  for (const { code, line } of [await status([bot], database()), await check([bot], database())]) {
    expect(code).toBe(2);
    expect(line).toMatch(words);
  }
});

test('a bot that was given up has no restarts left, and it is said what ends that', async () => {
  written('exhausted', 'down', { restartsLeft: 0 });
  const { line } = await status([beatOf(0)], database());
  expect(line).toContain('0 restarts left, until the bot is well again or `sentinel-monitor reset`');
});

test('what a monitor has written is of then, where it has written nothing since', async () => {
  written('up', 'healthy', {}, 9000);
  expect((await status([beatOf(0)], database())).line).toContain(
    '3 restarts left, all that as of 9 seconds ago: it has written nothing into the journal since',
  );
  written('up', 'healthy', {}, 4000);
  expect((await status([beatOf(0)], database())).line).not.toContain('as of');
});

test('a bot that was taken out of the config is watched no longer, whoever holds the lock of its file', async () => {
  const bot = beatOf(0);
  written('up', 'healthy');
  records.letGo('bot', Date.now());
  const lock = acquireInstanceLock(bot.file, { suffix: '.monitor', claimOnly: true });
  try {
    expect((await status([bot], database())).line).toContain('no longer watched under this name since');
  } finally {
    lock.release();
  }
});

test('a monitor that was killed a moment ago does not watch, though its journal says so', async () => {
  const bot = beatOf(0);
  written('up', 'healthy');
  const holder = { pid: 4_194_999, host: hostname(), started_at: new Date().toISOString(), boot: thisBoot() };
  const file = `${realpathSync(bot.file)}.monitor.lock.json`;
  writeFileSync(file, JSON.stringify(holder));
  const killed = await status([bot], database());
  expect(killed.line).toMatch(/no monitor watches it, the last one is gone, and was last seen .* ago/);
  expect(killed.json).toMatchObject({ monitor_alive: false });
  // In another container that number is another process: the journal counts.
  writeFileSync(file, JSON.stringify({ ...holder, boot: 'another pid:[1]' }));
  expect((await status([bot], database())).json).toMatchObject({ monitor_alive: true });
});

test('who has an open incident, and who has paused a bot and why, is said', async () => {
  const bot = beatOf(0);
  const course = {
    ...{ pausedBy: 'ann', pausedReason: 'new version', incidentSince: Date.now() - minute, ackBy: null },
    ...{
      ackUntil: null,
      snoozed: null,
      attempt: null,
      most: 5,
      waitsUntil: null,
      notRestarted: null,
      notStopped: null,
      stopped: null,
      stoppedAt: null,
    },
  };
  written('down', 'stale', { course, pausedUntil: Date.now() + 2 * minute });
  expect((await status([bot], database())).line).toMatch(
    /paused for .* more by ann \(new version\), an incident is open for 1 minute, and nobody has acknowledged it/,
  );
  written('down', 'stale', { course: { ...course, ackBy: 'bob' } });
  expect(await status([bot], database())).toMatchObject({
    line: expect.stringContaining('and bob has it'),
    json: { acknowledged_by: 'bob', acknowledged_until: null },
  });
  const snoozed = { ...course, ackBy: 'bob', snoozed: true, ackUntil: Date.now() + 5 * minute };
  written('down', 'stale', { course: snoozed });
  expect((await status([bot], database())).line).toMatch(/and bob has put off its reminders for .* more/);
});

test('what the journal says of a name counts for the file that is watched under it, and for no other', async () => {
  const bot = beatOf(10_000);
  written('up', 'healthy', { maxAgeMs: 3000, custody: 'safe: process 7 would be ended first' });
  records.setState('file:bot', 'elsewhere/other.txt');
  const { code, line, json } = await status([bot], database());
  expect(code).toBe(0);
  expect(line).toMatch(/^HEARTBEAT OK - bot healthy 10s \(max 300s\)/);
  expect(line).toContain(
    `bot: this journal knows another file under this name, ${join(realpathSync(folder), 'elsewhere/other.txt')}: of a monitor of this file it knows nothing`,
  );
  expect(json).toMatchObject({ monitor_alive: false, restart_safety: null });
  expect((await check([bot], database(), { verbose: true })).line).toContain(
    'bot: restarts: no monitor has said',
  );
  records.setState('file:bot', 'status.txt');
  expect((await status([bot], database())).line).toContain(
    'watched by a monitor, 3 restarts left, a restart is safe',
  );
});

test('a file that gave its name to another one is judged by the age that its own monitor asked for', async () => {
  const bot = beatOf(10_000);
  written('up', 'healthy', { maxAgeMs: 3000 });
  const supervision = { ...records.supervision('bot'), letGoAt: Date.now() - 5000 };
  records.setState('file:bot', 'elsewhere/other.txt');
  records.setState('files:bot', [{ file: 'status.txt', values: { supervision } }]);
  for (const look of [status, check])
    expect(await look([bot], database())).toMatchObject({
      code: 2,
      line: expect.stringMatching(/^HEARTBEAT CRITICAL - bot stale 10s \(max 3s\)/),
      json: { state: 'stale' },
    });
  expect((await status([bot], database())).line).toMatch(
    /knows another file under this name, \S+other\.txt: no monitor has watched this one since 20/,
  );
  records.setState('files:bot', null);
  for (const look of [status, check])
    expect(await look([bot], database())).toMatchObject({
      code: 0,
      json: { reason: expect.stringContaining('by the usual maximum age: this journal knows another file') },
    });
});
