import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { openRecords, type Records } from './record.ts';

let folder: string;
let records: Records;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-records-'));
  records = openRecords(join(folder, 'made', 'sentinel.db'));
});
afterEach(() => {
  records.close();
  rmSync(folder, { recursive: true, force: true });
});

const dayMs = 86_400_000;
const uptime = (span: { from: number; to: number }) =>
  records.uptimeByDay('bot', span).reduce(
    (sum, { upMs, downMs, unknownMs }) => ({
      upMs: sum.upMs + upMs,
      downMs: sum.downMs + downMs,
      unknownMs: sum.unknownMs + unknownMs,
    }),
    { upMs: 0, downMs: 0, unknownMs: 0 },
  );
const minute = 60_000;

test('time that nobody watched is neither up nor down', () => {
  const start = 10 * dayMs;
  records.touch('bot', start, 'healthy');
  records.touch('bot', start + minute, 'healthy');
  records.touch('bot', start + 2 * minute, 'stale');
  records.touch('bot', start + 3 * minute, 'stale');
  // The watcher was away for an hour.
  records.touch('bot', start + 63 * minute, 'healthy');
  records.touch('bot', start + 64 * minute, 'healthy');
  expect(uptime({ from: start, to: start + 64 * minute })).toEqual({
    upMs: 3 * minute,
    downMs: minute,
    unknownMs: 60 * minute,
  });
  expect(records.spans('bot', { from: start + minute, to: start + 64 * minute })).toEqual([
    { state: 'healthy', from: start + minute, to: start + 2 * minute },
    { state: 'stale', from: start + 2 * minute, to: start + 3 * minute },
    { state: 'healthy', from: start + 63 * minute, to: start + 64 * minute },
  ]);
});

test('the time between two monitors is neither up nor down, however short it was', () => {
  const start = 11 * dayMs;
  records.touch('bot', start, 'healthy', null);
  records.touch('bot', start + minute, 'healthy');
  // It lived for ten seconds more, and the next one began half a minute later.
  records.touch('bot', start + minute + 40_000, 'healthy', start + minute + 10_000);
  records.touch('bot', start + 2 * minute, 'healthy');
  // When this one ended is not known.
  records.touch('bot', start + 3 * minute, 'stale', null);
  expect(uptime({ from: start, to: start + 3 * minute })).toEqual({
    upMs: minute + 30_000,
    downMs: 0,
    unknownMs: minute + 30_000,
  });
  expect(records.spans('bot', { from: start, to: start + 3 * minute })).toEqual([
    { state: 'healthy', from: start, to: start + minute + 10_000 },
    { state: 'healthy', from: start + minute + 40_000, to: start + 2 * minute },
  ]);
});

test('a state that goes on counts as far as its monitor says that it lives, and not as far as its last look alone', () => {
  const start = 12 * dayMs;
  const supervised = { phase: 'down', restartsLeft: 0, pausedUntil: null, maxAgeMs: 3000 };
  records.setSupervision('bot', { ...supervised, monitor: 'one' } as never);
  records.touch('bot', start, 'healthy');
  records.touch('bot', start + 3000, 'stale');
  records.monitorAlive('one', start + minute);
  const span = { from: start, to: start + 2 * minute };
  expect(uptime(span)).toEqual({ upMs: 3000, downMs: minute - 3000, unknownMs: minute });
  expect(records.spans('bot', span)).toEqual([
    { state: 'healthy', from: start, to: start + 3000 },
    { state: 'stale', from: start + 3000, to: start + minute },
  ]);
  // A part of it, and one that lies before it.
  expect(records.spans('bot', { from: start + 10_000, to: start + 20_000 })).toEqual([
    { state: 'stale', from: start + 10_000, to: start + 20_000 },
  ]);
  expect(uptime({ from: start - minute, to: start })).toEqual({ upMs: 0, downMs: 0, unknownMs: minute });
  // A bot that no look has met for so long is not watched, whatever else its monitor does.
  records.monitorAlive('one', start + 10 * minute);
  expect(uptime(span)).toEqual({ upMs: 3000, downMs: 0, unknownMs: 2 * minute - 3000 });
});

test('the sums of whole days say the same as their spans', () => {
  const start = 20 * dayMs;
  for (let at = 0; at <= 3 * dayMs; at += 2 * minute)
    records.touch('bot', start + at, at % (20 * minute) === 0 ? 'stale' : 'healthy');
  const whole = uptime({ from: start, to: start + 3 * dayMs });
  expect(whole).toEqual({ upMs: 3888 * minute, downMs: 432 * minute, unknownMs: 0 });
  const shifted = uptime({ from: start + 20 * minute, to: start + 2 * dayMs + 20 * minute });
  expect(shifted).toEqual({ upMs: 2592 * minute, downMs: 288 * minute, unknownMs: 0 });
});

test('a clock that is set back counts no time twice', () => {
  records.touch('bot', dayMs, 'healthy');
  records.touch('bot', dayMs + minute, 'healthy');
  records.touch('bot', dayMs, 'healthy');
  const { upMs } = uptime({ from: 0, to: 2 * dayMs });
  expect(upMs).toBe(minute);
});

test('beats are kept on change, and come in pages', () => {
  const beat = { bot: 'bot', state: 'healthy', sessionActive: true, instance: null, ageMs: 5 };
  for (const [at, status] of ['one', 'one', 'two', 'three'].entries())
    records.addBeat({ ...beat, at, status });
  const first = records.beats({ bot: 'bot', limit: 2 });
  expect(first.map(({ status }) => status)).toEqual(['three', 'two']);
  expect(records.beats({ before: first[1]?.id, limit: 2 }).map(({ status, at }) => [status, at])).toEqual([
    ['one', 0],
  ]);
  expect(records.beats({ since: 2, until: 3, limit: 9 }).map(({ status }) => status)).toEqual(['two']);
});

test('an incident opens, is noted on and closes once', () => {
  const id = records.openIncident({ bot: 'bot', at: 1, state: 'stale', reason: 'no beat' });
  expect(records.currentIncident('bot')).toBe(id);
  records.noteIncident(id, { at: 2, kind: 'restart', text: 'attempt 1' });
  records.closeIncident(id, 3);
  records.closeIncident(id, 9);
  expect(records.currentIncident('bot')).toBeNull();
  expect(records.incidents({ limit: 5 })).toEqual([
    {
      id,
      bot: 'bot',
      startedAt: 1,
      illSince: 1,
      endedAt: 3,
      state: 'stale',
      reason: 'no beat',
      notes: [{ at: 2, kind: 'restart', text: 'attempt 1' }],
    },
  ]);
  expect(records.countIncidents()).toEqual([{ bot: 'bot', count: 1 }]);
  expect(records.countNotes(['restart-failed'])).toEqual([]);
});

test('a journal of a version before takes since when a bot was ill, and that version writes into it again', () => {
  const file = join(folder, 'before.db');
  openRecords(file).close();
  const before = new DatabaseSync(file);
  before.exec('ALTER TABLE incidents DROP COLUMN ill_since');
  const insert = "INSERT INTO incidents (bot, started_at, state, reason) VALUES ('bot', 50, 'stale', '')";
  before.exec(insert);
  const reader = openRecords(file, { readOnly: true });
  expect(reader.incidents({ limit: 1 })).toMatchObject([{ startedAt: 50, illSince: 50 }]);
  reader.close();
  const now = openRecords(file);
  onTestFinished(now.close);
  now.openIncident({ bot: 'bot', at: 90, illSince: 60, state: 'stale', reason: '' });
  before.exec(insert);
  before.close();
  const times = now.incidents({ limit: 5 }).map(({ startedAt, illSince }) => [startedAt, illSince]);
  expect(times).toEqual([
    [50, 50],
    [90, 60],
    [50, 50],
  ]);
});

test('restarts are counted as they were noted, several in one incident too', () => {
  const id = records.openIncident({ bot: 'bot', at: 1, state: 'stale', reason: 'no beat' });
  const noted = (kind: string) => records.noteIncident(id, { at: 2, kind, text: kind });
  for (const result of ['verified', 'verified', 'verified', 'verified', 'failed', 'unproven']) {
    noted('restart-attempted');
    noted(`restart-${result}`);
  }
  const counts = [
    { bot: 'bot', kind: 'restart-failed', count: 1 },
    { bot: 'bot', kind: 'restart-verified', count: 4 },
  ];
  const kinds = ['restart-verified', 'restart-failed', 'of no note'];
  expect(records.countNotes(kinds)).toEqual(counts);
  records.closeIncident(id, 3);
  expect(records.countNotes(kinds)).toEqual(counts);
});

test.each(['{', '', 'null', '[]', '"x"', '{"minutes":', '{"minutes":1,"minutes":9}'])(
  'an order that nobody can read holds no other one up: %o',
  (args) => {
    const first = records.addOrder({ bot: 'bot', at: 1, kind: 'pause', by: 'me', args: { minutes: 5 } });
    const broken = records.addOrder({ bot: 'bot', at: 2, kind: 'pause', by: 'me', args: {} });
    const last = records.addOrder({ bot: 'bot', at: 3, kind: 'resume', by: 'me', args: {} });
    const database = new DatabaseSync(join(folder, 'made', 'sentinel.db'));
    database.prepare('UPDATE orders SET args = ? WHERE id = ?').run(args, broken);
    database.close();
    expect(records.pendingOrders('bot').map((order) => [order.id, order.args])).toEqual([
      [first, { minutes: 5 }],
      [broken, null],
      [last, {}],
    ]);
  },
);

test('an order waits until it was carried out', () => {
  const id = records.addOrder({ bot: 'bot', at: 1, kind: 'pause', by: 'me', args: { minutes: 5 } });
  expect(records.pendingOrders('bot')).toEqual([
    { id, bot: 'bot', at: 1, kind: 'pause', by: 'me', args: { minutes: 5 } },
  ]);
  records.finishOrder(id, 2, 'done');
  expect(records.pendingOrders('bot')).toEqual([]);
});

test.skipIf(process.platform === 'win32')(
  'no journal is opened through a link, to read it or to write',
  () => {
    const target = join(folder, 'target.db');
    for (const part of ['', '-wal', '-shm', '-journal']) {
      const file = join(folder, `linked${part}.db`);
      symlinkSync(target, `${file}${part}`);
      expect(() => openRecords(file)).toThrow('is a link, which is not followed');
      expect(() => openRecords(file, { readOnly: true })).toThrow('is a link, which is not followed');
    }
    expect(existsSync(target)).toBe(false);
  },
);

test.skipIf(process.geteuid?.() !== 0)('root opens no journal in a folder in which others may write', () => {
  const theirs = join(folder, 'theirs');
  mkdirSync(theirs);
  openRecords(join(theirs, 'sentinel.db')).close();
  chownSync(theirs, 1201, 1201);
  for (const readOnly of [true, false])
    expect(() => openRecords(join(theirs, 'sentinel.db'), { readOnly })).toThrow('user 1201 may write into');
});

test('who gave an order is one line of at most 200 characters', () => {
  const id = records.addOrder({
    bot: 'bot',
    at: 1,
    kind: 'pause',
    by: `eve\n\u001b[2J${'x'.repeat(1e6)}`,
    args: {},
  });
  for (const by of [records.pendingOrders()[0]?.by, records.order(id)?.by]) {
    expect(by).toMatch(/^eve \[2Jx+$/);
    expect(by?.length).toBeLessThanOrEqual(200);
  }
});
