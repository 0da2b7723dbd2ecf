import { expect, test } from 'vitest';
import { asProcess, type Remembered, sinceThisStart, toKept } from './last-process.ts';

const here = 'boot-1 pid:[1]';
const remembered: Remembered = {
  record: { pid: 7, updatedAt: 1 },
  known: { pid: 7, mark: 3 },
  unplaced: false,
  sight: { seenUp: 10, fileUp: 9 },
  machine: here,
  owner: 1000,
  others: [{ record: { pid: 6, updatedAt: 0 }, known: { pid: 6, mark: 2 }, unplaced: false, sight: null }],
  programs: [{ pid: 8, mark: 4 }],
  kin: [],
  starters: [{ pid: 9, mark: 1 }],
  search: null,
  heldGroup: 5,
};
const onDisk = (kept: unknown): unknown => JSON.parse(JSON.stringify(kept));

test('who wrote the last beat comes back from the disk as it was', () => {
  expect(asProcess(onDisk(toKept(remembered)), here)).toEqual(remembered);
});

test('after another start of the machine no count of time means anything: what was seen was seen before', () => {
  const found = asProcess(onDisk(toKept(remembered)), 'boot-2 pid:[1]');
  expect(found).toMatchObject({
    known: null,
    sight: { seenUp: -1, fileUp: -1 },
    programs: [{ pid: 8, mark: -1 }],
    starters: [],
  });
});

test('a file that has changed since this start was not written before it, whatever the id of the start says', () => {
  const kept = asProcess(onDisk(toKept(remembered)), 'boot-2 pid:[1]');
  if (kept === null) throw new Error('nothing was kept');
  const now = { seenUp: 500, fileUp: 400 };
  expect(sinceThisStart(kept, now)).toMatchObject({ sight: now, programs: [] });
  expect(sinceThisStart(kept, { seenUp: 500, fileUp: -400 })).toBe(kept);
  expect(sinceThisStart(remembered, now)).toBe(remembered);
});

test('what an earlier version wrote is taken over, and an earlier version reads what is written', () => {
  const old = { record: { pid: 7, updatedAt: 1 }, known: { pid: 7, startTicks: 3 }, machine: here };
  expect(asProcess(old, here)).toMatchObject({
    known: { pid: 7, mark: 3 },
    others: [],
    starters: [],
    heldGroup: null,
  });
  expect(onDisk(toKept(remembered))).toMatchObject({ known: { pid: 7, startTicks: 3 } });
});

test('what is of another form is nothing', () => {
  for (const kept of [null, 7, {}, { record: { pid: 7 } }]) expect(asProcess(kept, here)).toBeNull();
});

test('what a monitor in another container saw was seen in this start of the machine', () => {
  const found = asProcess(onDisk(toKept(remembered)), 'boot-1 pid:[2]');
  // Else a bot that lives here would have begun after all that was seen, and be taken for another process.
  expect(found).toMatchObject({ known: null, sight: { seenUp: 10, fileUp: 9 } });
});
