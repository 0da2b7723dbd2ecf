import fc from 'fast-check';
import { expect, test } from 'vitest';
import { botsAmong, familyOf } from './family.ts';
import type { Kin } from './process.ts';

const kin = (pid: number, parent: number, over: Partial<Kin> = {}): Kin => ({
  pid,
  parent,
  group: 10,
  session: 10,
  mark: pid,
  startedUp: pid,
  ...over,
});
const pidsOf = (roots: number[], table: Kin[], spared: number[] = []) =>
  familyOf(roots, table, ({ pid }) => spared.includes(pid)).map(({ pid }) => pid);

test('a wrapper is ended with all that it has started', () => {
  expect(pidsOf([20], [kin(20, 10), kin(21, 20), kin(22, 21), kin(30, 10)])).toEqual([21, 22]);
});

test('so is what is in a group or a session that it leads, also where its parent is gone', () => {
  const table = [
    kin(20, 10, { group: 20, session: 20 }),
    kin(21, 1, { group: 20, session: 20 }),
    kin(22, 1, { group: 22, session: 20 }),
    kin(30, 1, { group: 30, session: 30 }),
  ];
  expect(pidsOf([20], table)).toEqual([21, 22]);
});

test('the monitor and other bots are spared, with what they have started', () => {
  expect(pidsOf([20], [kin(20, 10), kin(21, 20), kin(22, 21), kin(23, 20)], [21])).toEqual([23]);
});

test('a family never has a root, a spared one, or one that belongs to none of it', () => {
  const table = fc.uniqueArray(
    fc.record({ pid: fc.integer({ min: 2, max: 40 }), parent: fc.integer({ min: 1, max: 40 }) }),
    { selector: ({ pid }) => pid },
  );
  fc.assert(
    fc.property(
      table,
      fc.integer({ min: 2, max: 40 }),
      fc.integer({ min: 2, max: 40 }),
      (rows, root, spared) => {
        const all = rows.map(({ pid, parent }) => kin(pid, parent, { group: 0, session: 0 }));
        const found = pidsOf([root], all, [spared]);
        expect(found).not.toContain(root);
        if (root !== spared) expect(found).not.toContain(spared);
        for (const pid of found) {
          const parent = rows.find((row) => row.pid === pid)?.parent ?? 0;
          expect([root, ...found]).toContain(parent);
        }
      },
    ),
  );
});

test.each([
  ['two by hand', [kin(20, 10), kin(21, 11)], [20, 21], [20, 21]],
  ['two of one shell', [kin(20, 10), kin(21, 10)], [20, 21], [20, 21]],
  ['a parent and the worker that it forked', [kin(20, 10), kin(21, 20)], [20, 21], [20]],
  ['two workers of one parent', [kin(20, 10), kin(21, 20), kin(22, 20)], [20, 21, 22], [20]],
  ['a grandchild', [kin(20, 10), kin(21, 20), kin(22, 21)], [20, 22], [20]],
  ['one that has ended', [kin(20, 10)], [20, 21], [20]],
])('%s are so many bots', (_words, table, pids, bots) => {
  expect(botsAmong(pids, table, null)).toEqual(bots);
});

test('the group of the restart command is one bot', () => {
  const table = [kin(20, 10, { group: 20 }), kin(21, 1, { group: 20 }), kin(30, 10, { group: 30 })];
  expect(botsAmong([20, 21], table, 20)).toEqual([20]);
  expect(botsAmong([20, 21, 30], table, 20)).toEqual([20, 30]);
});
