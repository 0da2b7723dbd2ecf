import { expect, test } from 'vitest';
import type { Sight } from './finding.ts';
import { asMemory, toKept } from './kept-memory.ts';
import { type Memory, withLast, withRun } from './memory.ts';
import type { Origin } from './origin.ts';
import { seenFrom } from './remembered.ts';

const here: Origin = { machine: 'boot-1 pid:[1]', host: 'vps', rooted: false };
const remembered: Memory = {
  last: {
    record: { pid: 7, updatedAt: 1 },
    known: { pid: 7, mark: 3 },
    unplaced: false,
    again: true,
    sight: { seenUp: 10, fileUp: 9 },
  },
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
  scan: {
    programs: [{ pid: 8, mark: 4 }],
    earlier: [],
    kin: [],
    starters: [{ pid: 9, mark: 1 }],
    keepers: [],
    search: null,
  },
  heldGroup: 5,
};
const onDisk = (kept: unknown): unknown => JSON.parse(JSON.stringify(kept));

const kept = asMemory(onDisk(toKept(remembered))) as Memory;
const old: Sight = { seenUp: 500, fileUp: -400 };
const now: Sight = { seenUp: 500, fileUp: 400 };

test('who wrote the last beat comes back from the disk as it was', () => {
  expect(kept).toEqual(remembered);
  expect(seenFrom(kept, here, now, true)).toEqual(remembered);
});

test('after another start of the machine no count of time means anything: what was seen was seen before', () => {
  const found = seenFrom(kept, { ...here, machine: 'boot-2 pid:[1]' }, old, true);
  expect(found).toMatchObject({
    last: { known: null, sight: { seenUp: -1, fileUp: -1 } },
    scan: { programs: [{ pid: 8, mark: -1 }], starters: [] },
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
  const nothing = {
    last: { known: null },
    scan: { programs: [], earlier: [], kin: [], starters: [], search: null },
    heldGroup: null,
  };
  expect(found).toMatchObject({ ...nothing, elsewhere: { host: 'vps' } });
  // It is remembered with what is seen from here on.
  const later = seenFrom(asMemory(onDisk(toKept(found))) as Memory, { ...here, ...other }, sight, true);
  expect(later.elsewhere).toEqual({ host: 'vps' });
});

test('a file that has changed since this start was not written before it, whatever the id of the start says', () => {
  expect(seenFrom(kept, { ...here, machine: 'boot-2 pid:[1]' }, now, true)).toMatchObject({
    last: { sight: now },
  });
});

test('what an earlier version wrote is taken over, and an earlier version reads what is written', () => {
  const { machine } = here;
  const before = { record: { pid: 7, updatedAt: 1 }, known: { pid: 7, startTicks: 3 }, machine };
  expect(asMemory(before)).toMatchObject({
    last: { known: { pid: 7, mark: 3 } },
    origin: { machine, host: null, rooted: null },
    elsewhere: null,
    others: [],
    scan: { starters: [] },
    heldGroup: null,
  });
  const { last, scan, ...rest } = remembered;
  expect(onDisk(toKept(remembered))).toEqual({
    ...rest,
    ...last,
    ...scan,
    machine,
    known: { pid: 7, mark: 3, startTicks: 3 },
  });
});

test('what is of another form is nothing', () => {
  for (const other of [null, 7, {}, { record: { pid: 7 } }]) expect(asMemory(other)).toBeNull();
});

test('what a monitor in another container saw was seen in this start of the machine', () => {
  const found = seenFrom(kept, { ...here, machine: 'boot-1 pid:[2]' }, now, false);
  // Else a bot that lives here would have begun after all that was seen, and be taken for another process.
  expect(found).toMatchObject({ last: { known: null, sight: { seenUp: 10, fileUp: 9 } } });
});

test('three bots that beat in turn stay known, each by what was seen of it', () => {
  const at = { origin: here, owner: 1000 };
  const of = (pid: number) => ({ updatedAt: pid, pid, host: 'here' });
  const turns = [7, 8, 9, 7, 8, 9, 7, 8, 9, 7, 8, 9];
  const memory = turns.reduce<Memory | null>((before, pid) => {
    const next = withRun(before, of(pid), { seenUp: 1, fileUp: 1 }, at);
    return withLast(next, { known: next.last.known ?? { pid, mark: pid } });
  }, null);
  expect(memory?.others.map(({ known }) => known?.pid)).toEqual([8, 7]);
  expect(withRun(memory, of(7), { seenUp: 2, fileUp: 2 }, at).last.known).toEqual({ pid: 7, mark: 7 });
});
