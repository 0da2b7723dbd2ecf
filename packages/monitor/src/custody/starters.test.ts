import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Process } from './process.ts';
import { startersAmong } from './starters.ts';

const running = (pid: number, parent: number, args: readonly string[]): Process => ({
  pid,
  parent,
  group: pid,
  uid: 1000,
  startedUp: pid,
  mark: pid,
  terminal: false,
  args,
  folder: '/srv/bot',
  exe: null,
  environment: {},
  namespace: 'pid:[1]',
});
const bot = ['python3', 'heartbeat.py'];
const code = ['python3', '-c', 'subprocess.run(["python3", "heartbeat.py"])'];
const pidsOf = (doubtful: readonly Process[], bots: readonly Process[], parents: [number, number][] = []) =>
  startersAmong(doubtful, bots, new Map(parents)).map(({ pid }) => pid);

test('code that started the bot is not the bot, also with a process between them', () => {
  expect(pidsOf([running(20, 1, code)], [running(21, 20, bot)])).toEqual([20]);
  expect(pidsOf([running(20, 1, code)], [running(22, 21, bot)], [[21, 20]])).toEqual([20]);
});

test('code beside the bot, or below it, remains in doubt', () => {
  expect(pidsOf([running(20, 1, code)], [running(21, 1, bot)])).toEqual([]);
  expect(pidsOf([running(22, 21, code)], [running(21, 1, bot)], [[22, 21]])).toEqual([]);
  expect(pidsOf([running(20, 1, code)], [])).toEqual([]);
});

test('a fork of the code that is the bot does not acquit what it was forked from', () => {
  expect(pidsOf([running(20, 1, code)], [running(21, 20, code)])).toEqual([]);
});

test('what runs a file, and is in doubt for another reason, remains in doubt', () => {
  expect(pidsOf([running(20, 1, bot)], [running(21, 20, ['python3', 'heartbeat.py', '--worker'])])).toEqual(
    [],
  );
});

test('in any tree only ancestors of the bot are acquitted', () => {
  const tree = fc.uniqueArray(
    fc.record({ pid: fc.integer({ min: 2, max: 30 }), parent: fc.integer({ min: 1, max: 30 }) }),
    { selector: ({ pid }) => pid, minLength: 1 },
  );
  fc.assert(
    fc.property(tree, fc.nat(), (rows, choice) => {
      const chosen = rows[choice % rows.length] ?? { pid: 2, parent: 1 };
      const parents = new Map(rows.map(({ pid, parent }) => [pid, parent]));
      const others = rows.filter(({ pid }) => pid !== chosen.pid);
      const doubtful = others.map(({ pid, parent }) => running(pid, parent, code));
      const ancestors = new Set<number>();
      for (let at = parents.get(chosen.pid); at !== undefined && !ancestors.has(at); at = parents.get(at))
        ancestors.add(at);
      const found = pidsOf(doubtful, [running(chosen.pid, chosen.parent, bot)], [...parents]);
      expect(new Set(found)).toEqual(
        new Set(others.map(({ pid }) => pid).filter((pid) => ancestors.has(pid))),
      );
    }),
  );
});
