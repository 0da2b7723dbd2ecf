import { expect, test } from 'vitest';
import type { Kin, KnownProcess, Target } from '../../custody/process.ts';
import { BotCount } from './count.ts';

const kin = (pid: number, parent: number): Kin => ({
  pid,
  parent,
  group: 10,
  mark: pid,
  startedUp: pid,
  session: 10,
});
const bot = (pid: number): Target => ({ kind: 'process', pid, mark: pid, startedUp: pid });
const seen = (targets: readonly Target[], all: readonly Kin[]) => {
  const counted = new BotCount();
  const families = { oneOfEach: (processes: readonly KnownProcess[]) => processes };
  counted.count(targets, all, 10, families);
  counted.count(targets, all, 10, families);
  return counted.several(() => true);
};

test('a command that starts two bots has started two, though both are in its group', () => {
  expect(seen([bot(11), bot(12)], [kin(10, 1), kin(11, 10), kin(12, 10)])).toEqual([11, 12]);
});

test('a bot and the worker that it has started are one', () => {
  expect(seen([bot(11), bot(12)], [kin(10, 1), kin(11, 10), kin(12, 11)])).toEqual([]);
});

test('where none of the group is known to be the bot, the group is one', () => {
  expect(seen([], [kin(10, 1), kin(11, 10), kin(12, 10)])).toEqual([]);
});
