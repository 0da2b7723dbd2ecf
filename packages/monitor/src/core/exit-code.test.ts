import { expect, test } from 'vitest';
import { exitCodeOf } from './exit-code.ts';
import { nothingRun } from './observation.ts';

const ended = { ...nothingRun, startedAt: 1000, endedAt: 60_000, exitCode: 78, groupAlive: false };
const seenAt = (since: number) => ({ exact: true, since });

test('a bot that ends with its command has ended with the exit code of that', () => {
  expect(exitCodeOf(ended, seenAt(59_500))).toBe(78);
  expect(exitCodeOf({ ...ended, groupAlive: true }, seenAt(59_500))).toBe(78);
  expect(exitCodeOf(ended, undefined)).toBe(78);
});

test('a last beat that is seen with the end, or a little after it, is of the bot that has ended', () => {
  expect(exitCodeOf(ended, seenAt(61_000))).toBe(78);
});

test('a bot that has beaten since the command ended was not that command: how it ended is not known', () => {
  expect(exitCodeOf(ended, seenAt(63_000))).toBeNull();
  expect(exitCodeOf({ ...ended, exitCode: 0 }, seenAt(63_000))).toBeNull();
});

test('a beat that was there when the watch began says nothing of that', () => {
  expect(exitCodeOf(ended, { exact: false, since: 63_000 })).toBe(78);
});

test('a command that runs, or whose group lives after it ended well, has told no end of the bot', () => {
  expect(exitCodeOf({ ...ended, endedAt: null, exitCode: null, groupAlive: true }, undefined)).toBeNull();
  expect(exitCodeOf({ ...ended, exitCode: 0, groupAlive: true }, undefined)).toBeNull();
});
