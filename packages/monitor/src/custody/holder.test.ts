import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type BeatTime,
  type CommandRole,
  type HolderWatch,
  isBotItself,
  isHeld,
  isOverdue,
  seeHolder,
} from './holder.ts';

const group = { name: '7', startedUp: 1000, held: false };
const at = (up: number): BeatTime => ({ fileUp: up, mtimeMs: up });
type Sight = { readonly up: number; readonly alive: boolean; readonly beat: number | null };

const watch = (sights: readonly Sight[], commandIsBot = false): HolderWatch | null =>
  sights.reduce<HolderWatch | null>(
    (before, { up, alive, beat }) =>
      seeHolder(before, { ...group, alive }, beat === null ? null : at(beat), up, commandIsBot),
    null,
  );

test.each<[what: string, isHeld: boolean, sights: readonly Sight[]]>([
  ['no beat', false, [{ up: 1100, alive: true, beat: null }]],
  ['a beat of before its start', false, [{ up: 1100, alive: true, beat: 500 }]],
  [
    'one beat, looked at twice: a script may wait for the first beat of a bot elsewhere',
    false,
    [
      { up: 1100, alive: true, beat: 1090 },
      { up: 1200, alive: true, beat: 1090 },
    ],
  ],
  [
    'two beats',
    true,
    [
      { up: 1100, alive: true, beat: 1090 },
      { up: 1200, alive: true, beat: 1190 },
    ],
  ],
  [
    'two beats, the last of them seen when it was gone',
    true,
    [
      { up: 1100, alive: true, beat: 1090 },
      { up: 1200, alive: false, beat: 1190 },
    ],
  ],
  [
    'the bot beats on when it is gone',
    false,
    [
      { up: 1100, alive: true, beat: 1090 },
      { up: 1200, alive: true, beat: 1190 },
      { up: 1300, alive: false, beat: 1190 },
      { up: 1400, alive: false, beat: 1390 },
    ],
  ],
])('a bot is in the group of its command or not: %s', (_, isHeld, sights) => {
  expect(watch(sights)?.held).toBe(isHeld);
});

test('where the command is the bot, one beat says so, also one that was seen after its end', () => {
  expect(watch([{ up: 1100, alive: false, beat: 1090 }], true)?.held).toBe(true);
});

test('what was known of a group holds for the monitor after, and of another group nothing is known', () => {
  const kept = seeHolder(null, { ...group, alive: false, held: true }, at(900), 5000, false);
  expect(kept.held).toBe(true);
  expect(seeHolder(kept, { ...group, name: '8', alive: true }, at(900), 5100, false).held).toBe(false);
});

test('a bot that beats after the end of the group is never taken to have ended with it', () => {
  const sights = fc.array(
    fc.record({ afterMs: fc.integer({ min: 1, max: 5000 }), alive: fc.boolean(), beats: fc.boolean() }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(sights, fc.boolean(), (steps, commandIsBot) => {
      let up = 1000;
      let beat: number | null = null;
      let gone = false;
      const seen = steps.map(({ afterMs, alive, beats }): Sight => {
        up += afterMs;
        gone ||= !alive;
        if (beats) beat = up;
        return { up, alive: !gone, beat };
      });
      const last = [
        ...seen,
        { up: up + 1000, alive: false, beat: null },
        { up: up + 2000, alive: false, beat: up + 1900 },
      ];
      expect(watch(last, commandIsBot)?.held).toBe(false);
    }),
  );
});

test('a bot that beats each 20 s is overdue after a minute, one that beats each second after 10 s', () => {
  const each = (everyMs: number) =>
    watch(
      [1, 2, 3].map((count) => ({ up: 1000 + count * everyMs, alive: true, beat: 1000 + count * everyMs })),
    );
  const overdueAfter = (everyMs: number, ms: number) => {
    const seen = each(everyMs);
    return seen !== null && isOverdue(seen, 1000 + 3 * everyMs + ms);
  };
  expect([59_000, 61_000].map((ms) => overdueAfter(20_000, ms))).toEqual([false, true]);
  expect([9000, 11_000].map((ms) => overdueAfter(1000, ms))).toEqual([false, true]);
});

const script: CommandRole = { isParent: true, isProgram: false };
const bot: CommandRole = { isParent: true, isProgram: true };

test.each<
  [
    what: string,
    role: CommandRole,
    end: 'well' | 'failed',
    goneUp: number,
    sights: readonly Sight[],
    held: boolean,
  ]
>([
  [
    'a script that ended well at once, and one beat',
    script,
    'well',
    1100,
    [{ up: 1090, alive: true, beat: 1080 }],
    false,
  ],
  [
    'an interpreter that ended well after one beat',
    bot,
    'well',
    1100,
    [{ up: 1090, alive: true, beat: 1080 }],
    true,
  ],
  [
    'a script that failed after one beat',
    script,
    'failed',
    1100,
    [{ up: 1090, alive: true, beat: 1080 }],
    true,
  ],
  [
    'a script that ended well after its grace',
    script,
    'well',
    90_000,
    [
      { up: 1090, alive: true, beat: 1080 },
      { up: 2090, alive: true, beat: 2080 },
    ],
    true,
  ],
])(
  'the parent of a bot knows its end by that of the command, unless that may have put it elsewhere: %s',
  (_, role, end, goneUp, sights, held) => {
    const seen = watch([...sights, { up: goneUp, alive: false, beat: null }], isBotItself(role));
    expect(seen).not.toBeNull();
    if (seen !== null)
      expect(isHeld({ startedUp: 1000, end }, seen, { role, graceMs: 15_000, now: goneUp + 100 })).toBe(held);
  },
);
