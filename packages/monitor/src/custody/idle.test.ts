import { expect, test } from 'vitest';
import { type ActivityWatch, isForeign, seeActivity } from './idle.ts';

type Look = readonly [name: string, ran: string | null, beatUp: number | null];
const after = (looks: readonly Look[]) =>
  isForeign(
    looks.reduce<ActivityWatch | null>(
      (watch, [name, ran, beatUp]) => seeActivity(watch, { name, ran, beatUp }),
      null,
    ),
  );

test.each<[what: string, isForeign: boolean, looks: readonly Look[]]>([
  [
    'it runs and beats',
    false,
    [
      ['7', '1', 1],
      ['7', '2', 2],
      ['7', '3', 3],
    ],
  ],
  [
    'it does not run, and beats come',
    true,
    [
      ['7', '1', 1],
      ['7', '1', 2],
      ['7', '1', 3],
    ],
  ],
  [
    'one look is too few',
    false,
    [
      ['7', '1', 1],
      ['7', '1', 2],
    ],
  ],
  [
    'it does not run, and no beat comes: it is silent',
    false,
    [
      ['7', '1', 1],
      ['7', '1', 1],
      ['7', '1', 1],
    ],
  ],
  [
    'it runs again',
    false,
    [
      ['7', '1', 1],
      ['7', '1', 2],
      ['7', '1', 3],
      ['7', '2', 4],
    ],
  ],
  [
    'another process is the bot',
    false,
    [
      ['7', '1', 1],
      ['7', '1', 2],
      ['8', '1', 3],
    ],
  ],
  [
    'the system does not say',
    false,
    [
      ['7', null, 1],
      ['7', null, 2],
      ['7', null, 3],
    ],
  ],
])('another process writes the file: %s', (_, foreign, looks) => {
  expect(after(looks)).toBe(foreign);
});
