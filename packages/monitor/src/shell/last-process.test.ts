import { expect, test } from 'vitest';
import type { Sight } from '../custody/custody.ts';
import type { Origin } from '../custody/origin.ts';
import { asProcess, type Remembered, seenFrom, toKept } from './last-process.ts';

const here: Origin = { machine: 'boot-1 pid:[1]', host: 'vps', rooted: false };
const remembered: Remembered = {
  record: { pid: 7, updatedAt: 1 },
  known: { pid: 7, mark: 3 },
  unplaced: false,
  again: true,
  sight: { seenUp: 10, fileUp: 9 },
  origin: here,
  elsewhere: null,
  owner: 1000,
  others: [
    {
      record: { pid: 6, updatedAt: 0 },
      known: { pid: 6, mark: 2 },
      unplaced: false,
      again: false,
      sight: null,
    },
  ],
  programs: [{ pid: 8, mark: 4 }],
  earlier: [],
  kin: [],
  starters: [{ pid: 9, mark: 1 }],
  search: null,
  heldGroup: 5,
};
const onDisk = (kept: unknown): unknown => JSON.parse(JSON.stringify(kept));

const kept = asProcess(onDisk(toKept(remembered))) as Remembered;
const old: Sight = { seenUp: 500, fileUp: -400 };
const now: Sight = { seenUp: 500, fileUp: 400 };

test('who wrote the last beat comes back from the disk as it was', () => {
  expect(kept).toEqual(remembered);
  expect(seenFrom(kept, here, now, true)).toEqual(remembered);
});

test('after another start of the machine no count of time means anything: what was seen was seen before', () => {
  const found = seenFrom(kept, { ...here, machine: 'boot-2 pid:[1]' }, old, true);
  expect(found).toMatchObject({
    known: null,
    sight: { seenUp: -1, fileUp: -1 },
    programs: [{ pid: 8, mark: -1 }],
    starters: [],
    heldGroup: 5,
    elsewhere: null,
  });
});

test.each<[string, Partial<Origin>, Sight]>([
  ['another machine', { machine: 'boot-2 pid:[1]', host: 'other' }, old],
  ['a file that has changed since this start', { machine: 'boot-2 pid:[1]' }, now],
  ['another container', { machine: 'boot-1 pid:[2]' }, now],
])('%s: nothing of it is known to be gone', (_words, other, sight) => {
  const found = seenFrom(kept, { ...here, ...other }, sight, true);
  const nothing = { known: null, programs: [], kin: [], starters: [], heldGroup: null, search: null };
  expect(found).toMatchObject({ ...nothing, elsewhere: { host: 'vps' } });
  // It is remembered with what is seen from here on.
  const later = seenFrom(asProcess(onDisk(toKept(found))) as Remembered, { ...here, ...other }, sight, true);
  expect(later.elsewhere).toEqual({ host: 'vps' });
});

test('a file that has changed since this start was not written before it, whatever the id of the start says', () => {
  expect(seenFrom(kept, { ...here, machine: 'boot-2 pid:[1]' }, now, true)).toMatchObject({ sight: now });
});

test('what an earlier version wrote is taken over, and an earlier version reads what is written', () => {
  const { machine } = here;
  const before = { record: { pid: 7, updatedAt: 1 }, known: { pid: 7, startTicks: 3 }, machine };
  expect(asProcess(before)).toMatchObject({
    known: { pid: 7, mark: 3 },
    origin: { machine, host: null, rooted: null },
    elsewhere: null,
    others: [],
    starters: [],
    heldGroup: null,
  });
  expect(onDisk(toKept(remembered))).toMatchObject({ machine, known: { pid: 7, startTicks: 3 } });
});

test('what is of another form is nothing', () => {
  for (const other of [null, 7, {}, { record: { pid: 7 } }]) expect(asProcess(other)).toBeNull();
});

test('what a monitor in another container saw was seen in this start of the machine', () => {
  const found = seenFrom(kept, { ...here, machine: 'boot-1 pid:[2]' }, now, false);
  // Else a bot that lives here would have begun after all that was seen, and be taken for another process.
  expect(found).toMatchObject({ known: null, sight: { seenUp: 10, fileUp: 9 } });
});
