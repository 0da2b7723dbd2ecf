import { expect, test } from 'vitest';
import { areOne, type Families, oneOfEach, withFamilies } from './families.ts';
import type { Kin } from './process.ts';

const process = (pid: number, parent: number): Kin => ({
  ...{ pid, parent, group: 10, session: 10, mark: pid, startedUp: pid },
});
const shell = process(9, 1);
const never = () => false;
const forked = (pid: number, parent: number) => pid !== 9 && parent !== 9;
const one = (families: Families, ...pids: readonly number[]) =>
  areOne(
    families,
    pids.map((pid) => process(pid, 0)),
  );

test('workers are one bot with what has forked them, also where only they are known to be the bot', () => {
  const kin = [shell, process(11, 9), process(12, 11), process(13, 11)];
  expect(one(withFamilies(new Map(), [11, 12, 13], kin, forked), 11, 12, 13)).toBe(true);
  expect(one(withFamilies(new Map(), [12, 13], kin, forked), 12, 13)).toBe(true);
  expect(one(withFamilies(new Map(), [12, 13], kin, never), 12, 13)).toBe(false);
});

test('they stay one when what has forked them has ended, with what they fork then', () => {
  const before = withFamilies(
    new Map(),
    [12, 13],
    [shell, process(11, 9), process(12, 11), process(13, 11)],
    forked,
  );
  const kin = [shell, process(12, 1), process(13, 1), process(14, 12)];
  const after = withFamilies(before, [12, 13, 14], kin, forked);
  expect(one(after, 12, 13, 14)).toBe(true);
  expect(oneOfEach(after, kin).map(({ pid }) => pid)).toEqual([9, 12]);
});

test('two that a script has started are two, also where that script is known to be the bot', () => {
  const kin = [shell, process(11, 9), process(12, 9)];
  expect(one(withFamilies(new Map(), [9, 11, 12], kin, forked), 11, 12)).toBe(false);
});

test('two that a shell has started are two, and so are a bot with workers and another one', () => {
  const kin = [shell, process(11, 9), process(12, 11), process(21, 9)];
  const families = withFamilies(new Map(), [11, 12, 21], kin, forked);
  expect(one(families, 11, 21)).toBe(false);
  expect(one(families, 11, 12, 21)).toBe(false);
  expect(one(families, 12, 99)).toBe(false);
  expect(one(families, 12)).toBe(false);
});

test('another process with the number of one of before is none of its family', () => {
  const before = withFamilies(new Map(), [11, 12], [process(11, 9), process(12, 11)], forked);
  const kin = [process(12, 1), { ...process(11, 1), mark: 77 }];
  const after = withFamilies(before, [11, 12], kin, forked);
  expect(areOne(after, kin)).toBe(false);
});
