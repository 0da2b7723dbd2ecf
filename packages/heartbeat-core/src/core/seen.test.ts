import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultHealthPolicy } from './health.ts';
import { judge } from './judge.ts';
import { parseStatusFile } from './parse.ts';
import type { Reading } from './reading.ts';
import { evidenceAt, ofClockOff, type Seen, see } from './seen.ts';

const start = Date.UTC(2026, 4, 6, 12);
const beat = (seq: number, rest: Record<string, unknown> = {}, at = start): Reading =>
  parseStatusFile(
    `✅ On\n${new Date(at).toISOString()}\n${JSON.stringify({ session_active: true, seq, ...rest })}`,
  );
const watch = (...looks: [Reading, number][]): Seen | undefined =>
  looks.reduce<Seen | undefined>((seen, [reading, at]) => see(seen, reading, at), undefined);
const missing: Reading = { kind: 'missing', problem: { code: 'missing', file: 'x' } };

test('before the first beat nothing is known', () => {
  expect(evidenceAt(watch(), 5)).toBeNull();
  expect(evidenceAt(watch([missing, 1]), 5)).toBeNull();
});

test('a file rewritten with the same content is not a beat, and one that was away neither', () => {
  const seen = watch([beat(1), 100], [beat(1), 200], [missing, 300], [beat(1), 400]);
  expect(evidenceAt(seen, 500)).toEqual({ unchangedMs: 400, exact: false, stalledMs: 400 });
});

test('only a change that was watched is exact', () => {
  const seen = watch([beat(1), 100], [beat(2), 250]);
  expect(evidenceAt(seen, 1000)).toEqual({ unchangedMs: 750, exact: true, stalledMs: 900 });
});

test('progress stands still while beats go on, and a new run has all its time', () => {
  const looks: [Reading, number][] = [
    [beat(1, { progress: 7, instance: 'a' }), 0],
    [beat(2, { progress: 7, instance: 'a' }), 100],
  ];
  expect(evidenceAt(watch(...looks), 150)).toMatchObject({ unchangedMs: 50, stalledMs: 150 });
  const more = watch(...looks, [beat(3, { progress: 8, instance: 'a' }), 120]);
  expect(evidenceAt(more, 150)).toMatchObject({ stalledMs: 30 });
  const restarted = watch(...looks, [beat(1, { progress: 7, instance: 'b' }), 120]);
  expect(evidenceAt(restarted, 150)).toMatchObject({ stalledMs: 30 });
});

test('a new process has all its time too, where the writer names no run', () => {
  const looks = (pid: number): [Reading, number][] => [
    [beat(1, { progress: 0, pid: 7 }), 0],
    [beat(1, { progress: 0, pid }), 100],
  ];
  expect(evidenceAt(watch(...looks(7)), 150)).toMatchObject({ stalledMs: 150 });
  expect(evidenceAt(watch(...looks(8)), 150)).toMatchObject({ stalledMs: 50 });
});

test.each([
  ['an hour forward', 3_600_000],
  ['an hour back', -3_600_000],
  ['to 1970', -start],
])('the wall clock set %s makes no watched beat stale, nor a stale one fresh', (_, jump) => {
  const seen = watch([beat(1), 0], [beat(2), 1000]);
  const look = (monotonic: number) =>
    judge(beat(2), evidenceAt(seen, monotonic), defaultHealthPolicy, null, start + monotonic + jump);
  const { maxAgeMs } = defaultHealthPolicy;
  expect(look(1000 + maxAgeMs - 1).state).toBe('healthy');
  expect(look(1000 + maxAgeMs).state).toBe('stale');
  expect(look(2000).warnings).toEqual([{ kind: 'clock-skew', skewMs: expect.closeTo(-jump, -4) }]);
});

test.each([
  ['set back', -600_000],
  ['set forward', 600_000],
  ['asleep for a night', 28_800_000],
])('a machine that was %s after the last beat says nothing of the clock that has dated it', (_, jump) => {
  const first = see(undefined, beat(1), 0, start);
  const seen = see(first, beat(2, {}, start + 1000), 1000, start + 1000);
  const { warnings } = judge(
    beat(2, {}, start + 1000),
    evidenceAt(seen, 500_000),
    defaultHealthPolicy,
    null,
    start + 500_000 + jump,
  );
  expect(warnings).toEqual([]);
  expect(evidenceAt(seen, 500_000)).toMatchObject({ aheadMs: 0 });
});

test('a beat of a clock that is known to be ahead is as old as it is, and a beat that was seen to come is new', () => {
  const dead = beat(1, {}, start + 70_000);
  const at = (now: number) => ofClockOff(see(undefined, dead, 500), dead, 70_000, 500, now);
  const state = (now: number) =>
    judge(dead, evidenceAt(at(now), 500), { ...defaultHealthPolicy, maxAgeMs: 6000 }, null, now).state;
  expect(state(start + 2000)).toBe('unknown');
  expect(state(start + 11_000)).toBe('stale');
  expect(state(start + 75_000)).toBe('stale');
  const live = watch([beat(1), 100], [dead, 250]);
  expect(ofClockOff(live, dead, 70_000, 300, start)).toEqual(live);
  expect(ofClockOff(watch([dead, 100]), dead, null, 300, start)).toEqual(watch([dead, 100]));
});

test('a beat of a clock that is known to be ahead is fresh while the process watches that has seen that', () => {
  const ahead = beat(1, {}, start + 7_200_000);
  const at = (now: number) => ofClockOff(see(undefined, ahead, 500), ahead, 7_200_000, 500, now, true);
  const health = (now: number) => judge(ahead, evidenceAt(at(now), 500), defaultHealthPolicy, null, now);
  expect(health(start + 10_000)).toMatchObject({ state: 'healthy', ageMs: 10_000 });
  expect(health(start + 300_000).state).toBe('stale');
  expect(health(start + 7_200_000).state).toBe('stale');
  // By more than is known of its clock it would come from the future.
  expect(health(start - 100_000).state).toBe('unknown');
});

test('a beat of a clock that is known to be behind is as young as it is, and no younger', () => {
  const behind = beat(1, {}, start - 400_000);
  const at = (now: number) => ofClockOff(see(undefined, behind, 500), behind, -400_000, 500, now);
  const health = (now: number) => judge(behind, evidenceAt(at(now), 500), defaultHealthPolicy, null, now);
  expect(health(start + 10_000)).toMatchObject({ state: 'healthy', ageMs: 10_000 });
  expect(health(start + 299_000).state).toBe('healthy');
  expect(health(start + 300_000).state).toBe('stale');
  // The clock was set right since: by the offset of before this beat would come from the future.
  expect(health(start - 100_000)).toMatchObject({ state: 'stale', ageMs: 300_000 });
});

describe('a beat that is dated before the last one', () => {
  const minute = 60_000;
  const second = 1000;
  const year = 365 * 24 * 60 * minute;
  /** As a writer does that says no more than the time. */
  const plain = (at: number): Reading => beat(0, { seq: undefined }, at);
  const since = (...looks: [Reading, number][]) => evidenceAt(watch(...looks), 0);
  const lived: [Reading, number][] = [
    [plain(start), 0],
    [plain(start + 10 * second), 10 * second],
  ];
  const dead = since(...lived);
  /** With a doubted file in its place, the last beat counts on by its own date. */
  const doubted = { ...dead, datedAt: start + 10 * second };

  test.each([
    ['three years', 3 * year],
    ['ten minutes', 10 * minute],
    ['just more than two seconds', -8 * second + 1],
  ])('by %s is none, however often it is looked at, and moves nothing', (_, backMs) => {
    const old = beat(0, { progress: 9, instance: 'b' }, start - backMs);
    expect(
      since(...lived, [old, minute], [old, 2 * minute], [missing, 3 * minute], [old, 4 * minute]),
    ).toEqual(doubted);
  });

  test('by two seconds is one', () => {
    const next = plain(start + 8 * second);
    expect(since(...lived, [next, 20 * second])).toMatchObject({ unchangedMs: -20 * second });
  });

  test('or counted before it is none, by whatever clock', () => {
    const run = (seq: number, at: number) => beat(seq, { instance: 'a' }, at);
    const copy = run(6, start + 1);
    expect(since([run(6, start), 0], [run(7, start), 5], [copy, 20])).toMatchObject({ unchangedMs: -5 });
  });

  test('is one once another has followed it: the clock was set back', () => {
    const back = start - 10 * minute;
    const looks: [Reading, number][] = [
      ...lived,
      [plain(back), minute],
      [plain(back + second), minute + second],
    ];
    expect(since(...looks)).toMatchObject({ unchangedMs: -(minute + second), exact: true });
    const more = since(...looks, [plain(back + 2 * second), minute + 2 * second]);
    expect(more).toMatchObject({ unchangedMs: -(minute + 2 * second) });
  });

  test('is none when the file of before is back, or a second one from a backup', () => {
    const backup = plain(start - 3 * year);
    const looks: [Reading, number][] = [...lived, [backup, minute]];
    expect(since(...looks, [plain(start + 10 * second), 2 * minute])).toEqual(dead);
    expect(since(...looks, [plain(start + 10 * second), 2 * minute], [backup, 3 * minute])).toEqual(doubted);
    expect(since(...looks, [plain(start - 2 * year), 2 * minute])).toEqual(doubted);
    expect(since(...looks, [plain(start - 4 * year), 2 * minute])).toEqual(doubted);
  });

  test('does not keep the next beat of a living bot from being one', () => {
    const looks: [Reading, number][] = [...lived, [plain(start - year), minute]];
    expect(since(...looks, [plain(start + minute), minute + 1])).toMatchObject({
      unchangedMs: -(minute + 1),
    });
  });

  test('is one at once where the same run has counted on, and none where it counted less', () => {
    const run = (seq: number, at: number) => beat(seq, { instance: 'a' }, at);
    const looks: [Reading, number][] = [
      [run(6, start), 0],
      [run(7, start), 5],
    ];
    expect(since(...looks, [run(8, start - year), 20])).toMatchObject({ unchangedMs: -20 });
    expect(since(...looks, [run(6, start - year), 20])).toMatchObject({ unchangedMs: -5 });
    expect(since(...looks, [beat(8, { instance: 'b' }, start - year), 20])).toMatchObject({
      unchangedMs: -5,
    });
  });

  test('makes nobody old or young, and no clock wrong, by its date: the beat before it goes on to count', () => {
    const old = plain(start - 2 * 60 * minute);
    const { maxAgeMs } = defaultHealthPolicy;
    for (const before of [lived, lived.slice(1)]) {
      const seen = watch(...before, [old, 11 * second]);
      const look = (at: number) => judge(old, evidenceAt(seen, at), defaultHealthPolicy, null, start + at);
      expect(look(11 * second)).toMatchObject({ state: 'healthy', ageMs: second, warnings: [] });
      expect(look(10 * second + maxAgeMs)).toMatchObject({ state: 'stale', ageMs: maxAgeMs });
    }
  });

  test('a living bot stays healthy in the hour that comes twice', () => {
    const every = 30 * second;
    const hour = 60 * minute;
    let seen: Seen | undefined;
    for (let at = 0; at < 3 * hour; at += every) {
      // Its clock shows the second of the two hours, which is read as the first.
      const now = plain(start + at - (at >= hour && at < 2 * hour ? hour : 0));
      seen = see(seen, now, at);
      const evidence = evidenceAt(seen, at);
      if (at > 0) expect(judge(now, evidence, defaultHealthPolicy, null, start + at).state).toBe('healthy');
    }
  });

  test.each([
    ['America/New_York', '2026-11-01T01:10:00', 60 * minute, Date.UTC(2026, 10, 1, 5, 10)],
    ['Australia/Lord_Howe', '2026-04-05T01:40:00', 30 * minute, Date.UTC(2026, 3, 4, 14, 40)],
  ])(
    'in the hour that comes twice in %s no clock is called wrong, but for one that is',
    (zone, shown, backMs, first) => {
      const reading = parseStatusFile(`✅ On\n${shown}\n{"session_active": true}\n`, { timeZone: zone });
      expect(reading).toMatchObject({ record: { updatedAt: first, secondAt: first + backMs } });
      const evidence = { unchangedMs: 0, exact: true, stalledMs: 0 };
      const seenAt = (now: number) => judge(reading, evidence, defaultHealthPolicy, null, now);
      expect(seenAt(first + backMs)).toMatchObject({ state: 'healthy', warnings: [] });
      expect(seenAt(first).warnings).toEqual([]);
      expect(seenAt(first + backMs - 5 * minute).warnings).toHaveLength(1);
    },
  );

  test('whatever one file is put in the place of a dead bot’s, no older one makes it young', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2 * second + 1, max: 5 * year }), fc.nat(year), (backMs, later) => {
        const old = plain(start + 10 * second - backMs);
        expect(since(...lived, [old, 10 * second + later], [old, 11 * second + later])).toEqual(doubted);
      }),
    );
  });

  test('wherever its clock is set, once, a bot is young with its second beat after that', () => {
    const jump = fc.integer({ min: -5 * year, max: 5 * year });
    fc.assert(
      fc.property(jump, fc.integer({ min: 1, max: 10 * minute }), fc.nat(20), (jumpMs, every, before) => {
        let seen: Seen | undefined;
        for (let n = 0; n <= before + 3; n += 1)
          seen = see(seen, plain(start + n * every + (n > before ? jumpMs : 0)), n * every);
        expect(evidenceAt(seen, (before + 3) * every)).toMatchObject({ unchangedMs: 0, exact: true });
      }),
    );
  });
});

test('a beat that came at some time in a standstill tells no clock: the next one is no late one', () => {
  const found = watch([beat(1), 0], [beat(2, {}, start + 175_000), 120_000]);
  const next = beat(3, {}, start + 200_000);
  const then = (over: Partial<Seen>) =>
    [120_020, 140_000].reduce<Seen | undefined>(
      (seen, at) => see(seen, at === 140_000 ? next : beat(2, {}, start + 175_000), at),
      found && { ...found, since: 0, ...over },
    );
  expect(then({ earlyMs: 120_000 })?.doubted).toBeUndefined();
  expect(then({})?.doubted, 'it came at that instant').toBeDefined();
});

test('a last beat that nobody saw, and that is put back from a backup much later, is none', () => {
  const beat = (updatedAt: number): Reading =>
    ({ kind: 'beat', record: { status: '✅', updatedAt, sessionActive: true } }) as unknown as Reading;
  const missing: Reading = { kind: 'missing', problem: { code: 'missing', file: 'status.txt' } };
  let seen = see(see(undefined, beat(0), 0), beat(25_000), 25_000);
  // Its beat of 50 s was overwritten before anybody looked; the file is gone until the copy comes.
  seen = see(seen, missing, 200_000);
  expect(see(seen, beat(50_000), 201_000)?.stamp).toBe(25_000);
  // A bot that was silent for as long, and beats again, is dated by now.
  expect(see(seen, beat(200_500), 201_000)?.stamp).toBe(200_500);
});

describe('a beat that is suddenly dated ahead', () => {
  const minute = 60_000;
  const plain = (at: number): Reading => beat(0, { seq: undefined }, at);
  /** Looks whose wall clock is set by so much when the last of them is made. */
  const watched = (setMs: number, ...looks: [Reading, number][]) =>
    looks.reduce<Seen | undefined>(
      (seen, [reading, at]) => see(seen, reading, at, start + at + setMs),
      undefined,
    );
  const lived: [Reading, number][] = [
    [plain(start), 0],
    [plain(start + minute), minute],
  ];

  test('counts only once another one has followed it: it may be a copy of before the clock was set back', () => {
    const ahead = plain(start + 60 * minute);
    const seen = watched(0, ...lived, [ahead, 2 * minute], [ahead, 3 * minute], [ahead, 60 * minute]);
    expect(evidenceAt(seen, 3 * minute)).toMatchObject({ unchangedMs: 2 * minute, datedAt: start + minute });
    const followed = watched(0, ...lived, [ahead, 2 * minute], [plain(start + 61 * minute), 3 * minute]);
    expect(evidenceAt(followed, 3 * minute)).toMatchObject({ unchangedMs: 0, exact: true });
  });

  test('is one where the beat before was found as late as that, however often is looked since', () => {
    const late: [Reading, number][] = [
      [plain(start + 60 * minute), 0],
      // It came 25 seconds before this look.
      [plain(start + 61 * minute - 25_000), minute],
      [plain(start + 61 * minute - 25_000), minute + 9000],
    ];
    const next = plain(start + 61 * minute + 10_000);
    const seen = watched(0, ...late, [next, minute + 10_000]);
    expect(evidenceAt(seen, minute + 10_000)).toMatchObject({ unchangedMs: 0, exact: true });
    expect(seen?.doubted).toBeUndefined();
  });

  test('and agrees with the clock here is one: the machine slept, or its clock was set', () => {
    const next = plain(start + 60 * minute);
    const seen = watched(58 * minute, ...lived, [next, 2 * minute]);
    expect(evidenceAt(seen, 2 * minute)).toMatchObject({ unchangedMs: 0 });
  });
});

describe('beats of before that come back', () => {
  const at = (seconds: number) => beat(seconds, {}, start + seconds * 1000);
  const live = Array.from({ length: 20 }, (_, index): [Reading, number] => [at(index * 5), index * 5000]);
  const ageOf = (seen: Seen | undefined, now: number) => evidenceAt(seen, now)?.unchangedMs;

  test.each([
    ['rising', [10, 15, 40]],
    ['falling', [90, 40, 10]],
    ['that came a moment before the last one', [90, 85, 90]],
  ])('as copies (%s) are no beats, whatever follows them', (_, copies) => {
    const laid = copies.map((seconds, index): [Reading, number] => [at(seconds), 130_000 + index * 9000]);
    expect(ageOf(watch(...live, ...laid), 160_000)).toBe(160_000 - 95_000);
    // Its next real beat counts at once.
    expect(ageOf(watch(...live, ...laid, [at(165), 165_000]), 166_000)).toBe(1000);
  });

  test('in step with time are copies too, where the writer dates by less than a second', () => {
    const fine = (index: number) => beat(index, {}, start + index * 1000 + 123);
    const lived = Array.from({ length: 20 }, (_, index): [Reading, number] => [fine(index), index * 1000]);
    const laid = Array.from({ length: 9 }, (_, index): [Reading, number] => [
      fine(index + 5),
      30_000 + index * 700,
    ]);
    expect(ageOf(watch(...lived, ...laid), 40_000)).toBe(21_000);
  });

  test('in step with time are of a clock that was set back, and of a writer that dates by whole seconds', () => {
    const back = Array.from({ length: 12 }, (_, index): [Reading, number] => [
      at(index * 5 + 10),
      100_000 + index * 5000,
    ]);
    expect(ageOf(watch(...live, ...back.slice(0, 3)), 111_000)).toBe(16_000);
    for (const count of [4, 5, 8, 12])
      expect(ageOf(watch(...live, ...back.slice(0, count)), 95_000 + count * 5000)).toBe(0);
  });
});
