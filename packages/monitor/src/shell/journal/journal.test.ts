import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { defaultHealthPolicy, judge, parseStatusFile, type Seen, see } from '@sentinel/heartbeat-core';
import { incidentIdOf, openRecords, openStore } from '@sentinel/history';
import type { Notification } from '@sentinel/notify';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { pack } from '../../core/kept-state.ts';
import { goOn, keptFromMs, standOf } from '../../core/stall.ts';
import { initialState } from '../../core/supervisor-state.ts';
import { dryJournal } from './dry-journal.ts';
import { type Journal, openJournal } from './journal.ts';

/** As somebody else reads it. */
const openRecordsOnce = <T>(file: string, ask: (records: ReturnType<typeof openRecords>) => T): T => {
  const records = openRecords(file, { readOnly: true });
  try {
    return ask(records);
  } finally {
    records.close();
  }
};

const beatMs = 10_000;
const start = Date.UTC(2026, 0, 5);

/** What befalls the bot, or its monitor, and for how many beats things stay so. */
const happenings = fc.array(
  fc.record({
    what: fc.constantFrom('works', 'stands', 'is-restarted', 'monitor-is-restarted'),
    beats: fc.integer({ min: 1, max: 40 }),
  }),
  { minLength: 1, maxLength: 30 },
);

test('whatever a bot does, each of its stalls is written down with its beginning and end, and nothing of its work', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-journal-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  let files = 0;
  fc.assert(
    fc.property(happenings, fc.constantFrom(null, 30_000, 600_000), (script, maxStallMs) => {
      files += 1;
      const store = openStore(join(folder, `${files}.db`));
      const longMs = keptFromMs(maxStallMs);
      let journal = openJournal(store, 'bot', Date.now);
      let seen: Seen | undefined;
      let before = journal.stall('bot');
      let now = start;
      let run = 0;
      let progress = 0;
      let since = start;
      const truth: [number, number][] = [];
      const end = () => {
        // A stall is seen with a beat, so it is as long as its last beat shows.
        if (now - beatMs - since >= longMs) truth.push([since, now]);
      };
      const look = () => {
        const details = {
          session_active: true,
          instance: `run-${run}`,
          progress,
          seq: (now - start) / beatMs,
        };
        const reading = parseStatusFile(
          `✅ On\n${new Date(now).toISOString()}\n${JSON.stringify(details)}\n`,
        );
        const isFirst = seen === undefined;
        seen = see(seen, reading, now);
        if (isFirst) seen = goOn(seen, reading, before, now, now);
        journal.stood('bot', standOf(reading, seen, now), longMs, now);
      };
      for (const { what, beats } of script) {
        if (what === 'monitor-is-restarted') {
          journal.ended(now);
          journal = openJournal(store, 'bot', Date.now);
          before = journal.stall('bot');
          seen = undefined;
          // What it had not seen for long enough begins anew for it.
          if (now - beatMs - since < longMs) since = now;
        }
        for (let n = 0; n < beats; n += 1, now += beatMs) {
          if (what === 'works' || (what === 'is-restarted' && n === 0)) {
            end();
            since = now;
            progress += 1;
            if (what === 'is-restarted') [run, progress] = [run + 1, 0];
          }
          look();
        }
      }
      const found = store
        .transact((records) => records.stalls('bot'), [])
        .map(({ from, to, open }) => [from, open ? null : to]);
      const open = now - beatMs - since >= longMs ? [[since, null]] : [];
      store.close();
      expect(found).toEqual([...truth, ...open]);
    }),
    { numRuns: 60 },
  );
});

test('what is decided outlives a journal that cannot be written for so long that not all that waits is kept', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-journal-'));
  const file = join(folder, 'sentinel.db');
  const records = openRecords(file);
  const other = new DatabaseSync(file);
  const store = openStore(file, { restMs: 0, lockWaitMs: 10 });
  onTestFinished(() => {
    other.close();
    store.close();
    records.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const journal = openJournal(store, 'one', Date.now);
  const commit = (bot: string, at: number, incidentSince: number | null = at) => {
    const state = { ...pack(initialState(at, 0)), incidentSince, restarts: [at] };
    const health = { state: 'stale' as const };
    void journal.commit({ bot, state, notifications: [], health, reason: 'no beat', at, notify: () => {} });
  };
  for (const bot of ['other', 'third']) commit(bot, start);
  expect(store.flush()).toBe(true);
  other.exec('BEGIN IMMEDIATE');
  commit('one', start);
  commit('third', start + 1, null);
  for (let n = 1; n <= 30_000; n += 1) commit('other', start + n);
  expect(store.flush()).toBe(false);
  other.exec('ROLLBACK');
  expect(store.flush()).toBe(true);
  expect(records.getState('monitor:one')).toMatchObject({ incidentSince: start, restarts: [start] });
  expect(records.getState('monitor:other')).toMatchObject({ restarts: [start + 30_000] });
  expect(records.incidents({ bot: 'one', limit: 2 })).toMatchObject([{ startedAt: start, endedAt: null }]);
  expect(records.incidents({ bot: 'other', limit: 2 })).toHaveLength(1);
  expect(records.incidents({ bot: 'third', limit: 2 })).toMatchObject([{ endedAt: start + 1 }]);
});

test('what is remembered belongs to a file: of another one under the same name it is let go, and that is told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-journal-'));
  const records = openRecords(join(folder, 'sentinel.db'));
  onTestFinished(() => {
    records.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const open = (at = folder) => {
    const store = openStore(join(folder, 'sentinel.db'));
    onTestFinished(store.close);
    return openJournal({ ...store, file: join(at, 'sentinel.db') }, 'bot', Date.now);
  };
  const file = (name: string, at = folder) => join(at, name);
  const first = open();
  expect(first.load('bot', file('a.txt'), () => {})).toMatchObject({ state: undefined, movedFrom: null });
  const state = { ...pack(initialState(start, 0)), incidentSince: start, restarts: [start] };
  const health = { state: 'stale' as const };
  await first.commit({
    bot: 'bot',
    state,
    notifications: [],
    health,
    reason: 'no beat',
    at: start,
    notify: () => {},
  });
  first.group('bot').save({ group: 7, startTicks: 1 } as never);

  // The same folder, seen at another place.
  expect(open('/app/logs').load('bot', file('a.txt', '/app/logs'), () => {})).toMatchObject({
    state: { restarts: [start] },
    movedFrom: null,
  });
  // A dry run of another file under this name changes nothing of it.
  const dry = dryJournal(open(), 'bot', file('b.txt'));
  expect(dry.load('bot', file('b.txt'), () => {})).toMatchObject({ state: undefined, movedFrom: null });
  expect(dry.group('bot').load()).toBeNull();
  dry.group('bot').save({ group: 8, startTicks: 1 } as never);
  expect(records.incidents({ bot: 'bot', limit: 2 })).toMatchObject([{ endedAt: null }]);
  const same = dryJournal(open(), 'bot', file('a.txt'));
  same.load('bot', file('a.txt'), () => {});
  expect(same.group('bot').load()).toMatchObject({ group: 7 });
  const asked = { monitor: 'monitor', phase: 'down', restartsLeft: 4, pausedUntil: null, maxAgeMs: 5000 };
  records.setSupervision('bot', asked as never);
  const moved = open();
  expect(moved.load('bot', file('b.txt'), () => {})).toMatchObject({
    state: undefined,
    movedFrom: file('a.txt'),
  });
  expect(moved.group('bot').load()).toBeNull();
  await expect
    .poll(() => records.incidents({ bot: 'bot', limit: 2 }))
    .toMatchObject([{ endedAt: expect.any(Number) }]);
  expect(records.getState('files:bot')).toMatchObject([
    { file: 'a.txt', values: { supervision: { maxAgeMs: 5000, letGoAt: expect.any(Number) } } },
  ]);
  // Told once: the next monitor knows this file.
  expect(open().load('bot', file('b.txt'), () => {})).toMatchObject({ state: undefined, movedFrom: null });
  // Nor is a budget won anew by two files in turn.
  const back = open();
  expect(back.load('bot', file('a.txt'), () => {})).toMatchObject({
    state: { restarts: [start] },
    movedFrom: file('b.txt'),
  });
  expect(back.group('bot').load()).toEqual({ group: 7, startTicks: 1 });
});

test('what is remembered belongs to a file: under another name of the bot it goes on, with its incident', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-journal-'));
  const store = openStore(join(folder, 'sentinel.db'));
  const ask = <T>(question: Parameters<typeof openRecordsOnce<T>>[1]) =>
    openRecordsOnce(store.file, question);
  onTestFinished(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const open = () => openJournal(store, 'monitor', Date.now);
  const status = join(folder, 'a.txt');
  const first = open();
  first.load('old', status, () => {});
  const nowhere = { closure: null, custody: null, aheadMs: null, behindMs: null, format: null };
  const never = { pausedUntil: null, halted: null, haltedUntil: null, maxStallMs: null, maxFeedAgeMs: null };
  const asked = { monitor: 'monitor', phase: 'down', restartsLeft: 4, maxAgeMs: 5000, course: null };
  const supervision = { ...asked, ...nowhere, ...never };
  first.supervised('old', supervision);
  first.alive(start);
  const state = { ...pack(initialState(start, 0)), incidentSince: start, restarts: [start] };
  const nothing = { notifications: [], health: { state: 'stale' as const }, reason: 'no beat' };
  await first.commit({ bot: 'old', state, ...nothing, at: start, notify: () => {} });
  first.group('old').save({ group: 7, startTicks: 1 } as never);
  first.ended(start);
  // Another file under the new name has nothing to do with it, nor has a dry run.
  expect(open().load('other', join(folder, 'b.txt'), () => {})).toMatchObject({ renamedFrom: null });
  const dry = dryJournal(open(), 'new', status);
  expect(dry.load('new', status, () => {})).toMatchObject({ state: undefined });
  const second = open();
  expect(second.load('new', status, () => {})).toMatchObject({
    state: { restarts: [start] },
    renamedFrom: 'old',
    lost: false,
  });
  expect(second.group('new').load()).toEqual({ group: 7, startTicks: 1 });
  second.supervised('new', supervision);
  store.flush();
  expect(ask((records) => records.incidents({ bot: 'old', limit: 1 }))).toEqual([]);
  expect(ask((records) => records.incidents({ bot: 'new', limit: 2 }))).toMatchObject([
    { startedAt: start, endedAt: null },
  ]);
  expect(ask((records) => records.supervision('old')?.letGoAt)).toEqual(expect.any(Number));
  // And back again.
  expect(open().load('old', status, () => {})).toMatchObject({
    renamedFrom: 'new',
    state: { restarts: [start] },
  });
});

test('a spent budget and a noted group outlive a journal whose -wal was removed while no monitor ran', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-journal-'));
  const file = join(folder, 'sentinel.db');
  const store = openStore(file);
  onTestFinished(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const journal = openJournal(store, 'bot', Date.now);
  journal.load('bot', join(folder, 'a.txt'), () => {});
  const state = { ...pack(initialState(start, 0)), restarts: [start], exhausted: true, lastResortRun: true };
  const step = { bot: 'bot', state, notifications: [], reason: 'no beat', at: start, notify: () => {} };
  await journal.commit({ ...step, health: { state: 'stale' }, lasting: true });
  const left = () => {
    const alone = join(folder, 'alone.db');
    copyFileSync(file, alone);
    const records = openRecords(alone);
    const found = ['monitor', 'group'].map((kind) => records.getState(`${kind}:bot`));
    records.close();
    return found;
  };
  expect(left()[0]).toMatchObject({ restarts: [start], exhausted: true, lastResortRun: true });
  const mark = { group: 7, startTicks: 1 };
  expect(journal.group('bot').save(mark as never)).toBe(true);
  expect(left()[1]).toEqual(mark);
});

test('beats of many bots are written together, each as its newest, and a step of one of them is written at once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-journal-'));
  const file = join(folder, 'sentinel.db');
  let late: (() => void) | null = null;
  const clock = {
    now: Date.now,
    monotonic: () => 0,
    sleep: async () => {},
    after: (ms: number, run: () => void) => {
      if (ms > 0) late = run;
      else setImmediate(run);
      return () => {};
    },
  };
  const store = openStore(file, { clock });
  onTestFinished(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const journal = openJournal(store, 'bot', Date.now);
  const beat = (bot: string, at: number, routine: boolean) => {
    const state = { ...pack(initialState(start, 0)), lastGoodAt: at };
    const step = { state, notifications: [], health: { state: 'healthy' as const }, reason: '', at };
    return journal.commit({ ...step, bot, routine, notify: () => {} });
  };
  const writtenOf = (bot: string) =>
    (
      openRecordsOnce(file, (records) => records.getState(`monitor:${bot}`)) as
        | { lastGoodAt: number }
        | undefined
    )?.lastGoodAt;
  await beat('a', start, false);
  await beat('a', start + 1, true);
  await beat('b', start + 1, true);
  await beat('b', start + 2, true);
  expect([writtenOf('a'), writtenOf('b')]).toEqual([start, undefined]);
  late = null;
  await beat('c', start + 3, false);
  expect([writtenOf('a'), writtenOf('b'), writtenOf('c')]).toEqual([start + 1, start + 2, start + 3]);
  await beat('b', start + 4, true);
  expect(writtenOf('b')).toBe(start + 2);
  expect(late).not.toBeNull();
  (late as unknown as () => void)();
  expect(writtenOf('b')).toBe(start + 4);
});

test('whether a step can be noted is proven by a write: a lock of another process says no, and its end yes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-journal-'));
  const file = join(folder, 'sentinel.db');
  const store = openStore(file, { lockWaitMs: 10, restMs: 0 });
  const journal = openJournal(store, 'bot', Date.now);
  expect(journal.canNote('bot')).toBe(true);
  const other = new DatabaseSync(file);
  onTestFinished(() => {
    other.close();
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  other.exec('BEGIN EXCLUSIVE');
  expect(journal.canNote('bot')).toBe(false);
  other.exec('ROLLBACK');
  expect(journal.canNote('bot')).toBe(true);
});

/** The transactions in the `-wal`: each ends with a frame that has the size of the database. */
const commitsIn = (file: string): number => {
  const wal = readFileSync(`${file}-wal`);
  const frame = 24 + wal.readUInt32BE(8);
  let commits = 0;
  for (let at = 32; at + frame <= wal.length; at += frame) if (wal.readUInt32BE(at + 4) > 0) commits += 1;
  return commits;
};

test('what several bots decide in one turn of the loop lands in one transaction, with all that it tells, before anything is done', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-journal-'));
  const file = join(folder, 'sentinel.db');
  const store = openStore(file);
  const journal = openJournal(store, 'bot', Date.now);
  journal.alive(start);
  store.flush();
  onTestFinished(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const told = () =>
    openRecordsOnce(file, (records) => (records.getState('told') ?? []) as readonly string[]);
  const before = commitsIn(file);
  const step = (bot: string) =>
    journal.commit({
      bot,
      state: { ...pack(initialState(start, 0)), incidentSince: start },
      notifications: [{ kind: 'unhealthy', bot, state: 'stale', reason: 'no beat' }],
      health: { state: 'stale' },
      reason: 'no beat',
      at: start,
      notify: () =>
        store.write((records) =>
          records.setState('told', [...((records.getState('told') ?? []) as string[]), bot]),
        ),
    });
  const done = ['one', 'two'].map(async (bot) => {
    await step(bot);
    return openRecordsOnce(file, (records) => records.getState(`monitor:${bot}`));
  });
  expect(commitsIn(file)).toBe(before);
  expect(await Promise.all(done)).toEqual([expect.anything(), expect.anything()]);
  expect(commitsIn(file)).toBe(before + 1);
  expect(told()).toEqual(['one', 'two']);
});

test('an incident has one id in its row and in all that is told about it, by the next monitor and in the next journal too', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-journal-'));
  const file = join(folder, 'sentinel.db');
  const told: Notification[] = [];
  const open = () => {
    const store = openStore(file, { restMs: 0 });
    onTestFinished(store.close);
    const journal = openJournal(store, 'bot', Date.now);
    journal.load('bot', join(folder, 'a.txt'), () => {});
    return { store, journal };
  };
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const step = (at: number, since: number | null, notification: Notification) => ({
    bot: 'bot',
    state: { ...pack(initialState(at, 0)), incidentSince: since },
    notifications: [notification],
    health: { state: since === null ? ('healthy' as const) : ('stale' as const) },
    reason: 'no beat',
    at,
    notify: (each: Notification) => void told.push(each),
  });
  const began = start + 0.4;
  const first = open();
  await first.journal.commit(
    step(began, began, { kind: 'unhealthy', bot: 'bot', state: 'stale', reason: 'no beat' }),
  );
  first.store.close();
  const second = open();
  for (const part of ['', '-wal', '-shm']) rmSync(file + part, { force: true });
  second.journal.tell({ kind: 'last-resort', bot: 'bot', ok: true }, start + 1, (each) => told.push(each));
  const reminder = { kind: 'reminder', bot: 'bot', state: 'stale', openForMs: 1 } as const;
  second.journal.tell(reminder, start + 1, (each) => told.push(each));
  second.journal.tell({ kind: 'test', bot: 'bot', by: 'ann' }, start + 1, (each) => told.push(each));
  await second.store.turn();
  await second.journal.commit(step(start + 2, null, { kind: 'recovered', bot: 'bot', outageMs: 2 }));
  const [row] = openRecordsOnce(file, (records) => records.incidents({ bot: 'bot', limit: 2 }));
  const id = row === undefined ? null : incidentIdOf(row);
  expect(id).toBe('bot@2026-01-05T00:00:00.000Z');
  expect(told.map(({ kind, incident }) => [kind, incident])).toEqual([
    ['unhealthy', id],
    ['last-resort', id],
    ['reminder', id],
    ['test', undefined],
    ['recovered', id],
  ]);
});

test('a last command that was begun is owed to the next monitor, and to nobody once it was told how it ended', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-journal-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const life = async (of: string, act: (journal: Journal) => unknown) => {
    const store = openStore(join(folder, 'sentinel.db'), { restMs: 0 });
    const journal = openJournal(store, 'bot', Date.now);
    journal.load('bot', join(folder, 'a.txt'), () => {});
    const owed = journal.lastCommandOwed('bot', of);
    await act(journal);
    await store.turn();
    store.close();
    return owed;
  };
  const step = (at: number, of: string, runsLast: boolean) => ({
    bot: 'bot',
    state: { ...pack(initialState(at, 0)), clock: { of, at, drift: 0 } },
    notifications: [],
    health: { state: 'stale' as const },
    reason: 'no beat',
    at,
    notify: () => {},
    runsLast,
  });
  const tell = (journal: Journal) =>
    journal.tell({ kind: 'last-resort', bot: 'bot', ok: false }, start + 9, () => {});
  const run = (of: string) => (journal: Journal) => journal.commit(step(start, of, true));
  expect(await life('a', run('a'))).toBeNull();
  // One that looks on and tells nothing takes nothing of it.
  expect(await life('b', (journal) => journal.commit(step(start + 5, 'b', false)))).toBe(start);
  expect(await life('c', tell)).toBe(start);
  expect(await life('d', (journal) => run('d')(journal).then(() => tell(journal)))).toBeNull();
  expect(await life('e', () => {})).toBeNull();
});

test('the time before the first beat of a first start is no outage: nobody knows of the bot yet', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-journal-'));
  const store = openStore(join(folder, 'sentinel.db'));
  onTestFinished(() => {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const journal = openJournal(store, 'bot', Date.now);
  const missing = { kind: 'missing', problem: { code: 'missing', file: 'x' } } as const;
  const health = judge(missing, null, defaultHealthPolicy, null, start);
  const look = (at: number, isKnown: boolean) => journal.seen('bot', missing, health, 'missing', at, isKnown);
  for (const second of [0, 30, 60, 90]) look(start + second * 1000, false);
  const spans = () =>
    store.transact((records) => records.spans('bot', { from: start, to: start + 600_000 }), []);
  expect(spans()).toEqual([]);
  // Its time for a first beat is over.
  for (const second of [120, 180]) look(start + second * 1000, true);
  expect(spans()).toEqual([{ state: 'unknown', from: start + 120_000, to: start + 180_000 }]);
  expect(store.transact((records) => records.beats({ limit: 9 }).length, 0)).toBe(1);
});
