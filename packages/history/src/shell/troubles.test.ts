import { expect, test } from 'vitest';
import type { StoreTrouble } from '../core/store-trouble.ts';
import { createTroubles } from './troubles.ts';

const full = { kind: 'unusable', file: 'a.db', reason: 'database or disk is full' } as const;

const open = () => {
  const told: StoreTrouble[] = [];
  const clock = { now: 0 };
  const troubles = createTroubles(30_000, () => clock.now);
  troubles.listen((trouble) => told.push(trouble));
  return { troubles, told, clock };
};

test('a disk that frees a block now and then is one trouble, told once, and over when it has held', () => {
  const { troubles, told, clock } = open();
  for (let round = 0; round < 60; round += 1) {
    clock.now += 2000;
    troubles.tell(full);
    troubles.works('a.db');
  }
  expect(told).toEqual([full]);
  clock.now += 29_999;
  troubles.works('a.db');
  expect(told).toHaveLength(1);
  clock.now += 1;
  troubles.works('a.db');
  troubles.works('a.db');
  expect(told).toEqual([full, { kind: 'usable-again', file: 'a.db', relapses: 59 }]);
});

test('the next trouble is news again, and counts from nothing', () => {
  const { troubles, told, clock } = open();
  for (const _ of [1, 2]) {
    troubles.tell(full);
    troubles.works('a.db');
    clock.now += 30_000;
    troubles.works('a.db');
  }
  expect(told.map((trouble) => ('relapses' in trouble ? trouble.relapses : trouble.kind))).toEqual([
    'unusable',
    0,
    'unusable',
    0,
  ]);
});

test('a store that was never in trouble has nothing to tell', () => {
  const { troubles, told } = open();
  troubles.works('a.db');
  expect(told).toEqual([]);
});
