import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Clock, openRecords, openStore, type Records, type Store, systemClock } from '../src/index.ts';

let folder: string;
let file: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-behind-'));
  file = join(folder, 'sentinel.db');
  store = openStore(file, { restMs: 0, lockWaitMs: 10 });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const append = (value: unknown) => (records: Records) =>
  records.setState('list', [...((records.getState('list') ?? []) as unknown[]), value]);
/** As somebody else reads it. */
const listed = () => {
  const records = openRecords(file);
  const list = records.getState('list') ?? [];
  records.close();
  return list;
};
const lock = () => {
  const other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  return () => {
    other.exec('ROLLBACK');
    other.close();
  };
};

test('what one turn of the loop writes lands together at its end, and what is done after `turn` finds it there', async () => {
  store.transact(() => {}, undefined);
  const before = store.mark();
  for (const n of [1, 2, 3]) store.write(append(n));
  expect(listed()).toEqual([]);
  await store.turn();
  expect(listed()).toEqual([1, 2, 3]);
  expect(store.mark(), 'its own writes are no news').toBe(before);
});

test('a question finds what was written before it', () => {
  store.write(append(1));
  expect(store.transact((records) => records.getState('list'), 'nothing')).toEqual([1]);
});

test('what may wait is written with what may not, and by itself in time', async () => {
  store.write(append('soon'), { withinMs: 30 });
  await store.turn();
  expect(listed()).toEqual(['soon']);
  store.write(append('in time'), { withinMs: 30 });
  await vi.waitFor(() => expect(listed()).toEqual(['soon', 'in time']), { timeout: 5000 });
});

test('a journal that takes nothing is written later, once and in order, without being asked again', async () => {
  store.transact(() => {}, undefined);
  const free = lock();
  const landed: number[] = [];
  for (const n of [1, 2, 3]) store.write(append(n), { onLanded: () => landed.push(n) });
  expect([store.flush(), landed]).toEqual([false, []]);
  expect(store.transact(() => 'landed', 'no')).toBe('no');
  free();
  await vi.waitFor(() => expect(landed).toEqual([1, 2, 3]), { timeout: 5000 });
  expect(listed()).toEqual([1, 2, 3]);
});

test('what waits outlives a journal that is damaged or removed meanwhile', () => {
  store.transact(() => {}, undefined);
  store.write(append(1));
  writeFileSync(file, 'garbage '.repeat(2000));
  expect(store.flush()).toBe(true);
  expect(listed()).toEqual([1]);
  store.write(append(2));
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  expect(store.flush()).toBe(true);
  expect(listed()).toEqual([2]);
});

test('within the work of a transaction it is part of that, and gone with it', async () => {
  const heard: string[] = [];
  store.transact(() => {
    store.write(append(1), { onLanded: () => heard.push('landed 1'), onLost: () => heard.push('lost 1') });
    throw new Error('after all');
  }, undefined);
  store.transact(() => store.write(append(2), { onLanded: () => heard.push('landed 2') }), undefined);
  await store.turn();
  expect(listed()).toEqual([2]);
  expect(heard).toEqual(['lost 1', 'landed 2']);
});

test('a write that is a fault of the program is given up, and holds up nothing behind it', () => {
  const heard: string[] = [];
  store.listen(({ kind }) => heard.push(kind));
  store.write(append(1));
  store.write(
    (records) => {
      records.setState('half', true);
      throw new TypeError('a fault');
    },
    { onLost: () => heard.push('lost') },
  );
  store.write((records) => records.setState('none', undefined));
  store.write(append(2));
  expect(store.flush()).toBe(true);
  expect(listed()).toEqual([1, 2]);
  expect(store.transact((records) => records.getState('half'), 'nothing')).toBeUndefined();
  expect(heard).toEqual(['lost', 'work-failed', 'work-failed']);
});

test('where too much waits the oldest is given up that may be, and whoever keeps the journal whole is told', () => {
  rmSync(file, { force: true });
  mkdirSync(file);
  const whole: boolean[] = [];
  const lost: string[] = [];
  store.attend({ after: (_, isWhole) => whole.push(isWhole) });
  store.write(append('lasts'), { lasting: true, onLost: () => lost.push('lasts') });
  store.write(append('oldest'), { onLost: () => lost.push('oldest') });
  for (let n = 0; n < 20_000; n += 1) store.write((records) => records.setState('n', n));
  expect(store.flush()).toBe(false);
  rmSync(file, { recursive: true });
  expect(store.flush()).toBe(true);
  store.transact(() => {}, undefined);
  expect(whole).toEqual([false, true]);
  expect(lost).toEqual(['oldest']);
  expect(listed()).toEqual(['lasts']);
  expect(store.transact((records) => records.getState('n'), null)).toBe(19_999);
});

test('a keeper sees the journal before anything is written over, and what it writes then lands too', () => {
  const records = openRecords(file);
  records.setState('list', ['left']);
  records.close();
  const seen: unknown[] = [];
  store.attend({
    before: (now) => {
      if (seen.push(now.getState('list')) === 1) store.write(append('by the keeper'));
    },
  });
  store.write((now) => now.setState('list', ['new']));
  expect(store.flush()).toBe(true);
  expect(seen).toEqual([['left']]);
  expect(listed()).toEqual(['new', 'by the keeper']);
});

test('time is that of the clock that it is given: nothing waits on another one', () => {
  let now = 0;
  const due: { at: number; run: () => void }[] = [];
  const clock: Clock = {
    ...systemClock,
    monotonic: () => now,
    after: (ms, run) => {
      const task = { at: now + ms, run };
      due.push(task);
      return () => void due.splice(due.indexOf(task), 1);
    },
  };
  store.close();
  store = openStore(file, { restMs: 2000, lockWaitMs: 10, clock });
  store.transact(() => {}, undefined);
  const free = lock();
  store.write(append(1), { withinMs: 1000 });
  const step = (ms: number) => {
    now += ms;
    for (const task of due.filter(({ at }) => at <= now)) {
      due.splice(due.indexOf(task), 1);
      task.run();
    }
  };
  step(1000);
  free();
  step(1999);
  expect(listed()).toEqual([]);
  step(1);
  expect(listed()).toEqual([1]);
});
