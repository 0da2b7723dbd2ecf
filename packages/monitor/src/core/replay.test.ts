import { defaultHealthPolicy } from '@sentinel/heartbeat-core';
import { ownMs } from '@sentinel/tooling-vitest/own-time';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRecorded } from './parse-recorded.ts';
import { defaultRestartPolicy, type Policy } from './policy.ts';
import { kindOf, type Recorded, recordedOf, replay, withStalls } from './replay.ts';

const minute = 60_000;
const start = Date.UTC(2026, 2, 1, 10);
const policy = (maxAgeMinutes: number): Policy => ({
  health: { ...defaultHealthPolicy, maxAgeMs: maxAgeMinutes * minute },
  restart: { ...defaultRestartPolicy, graceMs: 5 * minute },
  marketHours: null,
});
const beat = { status: '✅ On', sessionActive: true, instance: 'a' };
const kindsOf = (history: readonly Recorded[], rules: Policy, until: number) =>
  replay(history, rules, until).map(({ at, action }) => [(at - start) / minute, kindOf(action)]);

test('a silence is found at the deadline after the last beat that was recorded, under any maximum age', () => {
  const history = [
    { ...beat, at: start },
    { ...beat, at: start + 60 * minute, silent: true },
    { ...beat, at: start + 70 * minute, instance: 'b' },
  ];
  const until = start + 90 * minute;
  expect(kindsOf(history, policy(5), until)).toEqual([
    [65, 'unhealthy'],
    [65, 'restart-attempted'],
    [65, 'restart'],
    [70, 'restart-verified'],
    [70, 'recovered'],
  ]);
  expect(kindsOf(history, policy(15), until)).toEqual([]);
});

test('the last entry of a history that ends with it is played, once', () => {
  const history = [
    { ...beat, at: start },
    { ...beat, at: start + 20 * minute, silent: true },
    { ...beat, at: start + 30 * minute, instance: 'b' },
  ];
  expect(kindsOf(history, policy(5), start + 30 * minute).slice(-2)).toEqual([
    [30, 'restart-verified'],
    [30, 'recovered'],
  ]);
});

const stallPolicy = (maxStallMinutes: number): Policy => {
  const { health, ...rest } = policy(5);
  return { ...rest, health: { ...health, maxStallMs: maxStallMinutes * minute } };
};

test('a stall is found under any longest standstill below its length, and under none above it', () => {
  const history = withStalls(
    [{ ...beat, at: start }],
    [
      { from: start + 10 * minute, to: start + 12 * minute, open: false },
      { from: start + 30 * minute, to: start + 50 * minute, open: false },
    ],
  );
  const until = start + 90 * minute;
  const told = (rules: Policy) => kindsOf(history, rules, until).filter(([, kind]) => kind !== 'restart');
  expect(told(policy(5))).toEqual([]);
  expect(told(stallPolicy(20))).toEqual([]);
  const found = told(stallPolicy(8));
  expect(found.slice(0, 2)).toEqual([
    [expect.closeTo(38), 'unhealthy'],
    [expect.closeTo(38), 'restart-attempted'],
  ]);
  expect(found.filter(([, kind]) => kind === 'unhealthy' || kind === 'recovered')).toHaveLength(2);
});

test('every stall that was recorded is found at its deadline, whatever lies between', () => {
  const lengths = fc.record({
    work: fc.integer({ min: 1, max: 60 }),
    stall: fc.integer({ min: 1, max: 60 }),
  });
  fc.assert(
    fc.property(
      fc.array(lengths, { minLength: 1, maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 1200 }), { maxLength: 10 }),
      fc.integer({ min: 1, max: 40 }),
      (parts, changes, most) => {
        let at = start;
        const stalls = parts.map(({ work, stall }) => {
          const from = at + work * minute;
          at = from + stall * minute;
          return { from, to: at, open: false };
        });
        const times = [...new Set([0, ...changes])].sort((a, b) => a - b);
        const rows = times.map((m, index) => ({ ...beat, at: start + m * minute, status: `✅ ${index}` }));
        const rules = stallPolicy(most);
        // Flaps make one incident of several: here each has its own.
        const restart = { ...rules.restart, enabled: false, settleMs: 0, graceMs: 0, remindMs: 1e12 };
        const until = Math.max(at, rows.at(-1)?.at ?? 0) + minute;
        const told = kindsOf(withStalls(rows, stalls), { ...rules, restart }, until);
        const long = stalls.filter(({ from, to }) => to - from > most * minute);
        const inMinutes = (instant: number) => (instant - start) / minute;
        expect(told).toEqual(
          long.flatMap(({ from, to }) => [
            [inMinutes(from + most * minute + 1), 'unhealthy'],
            [inMinutes(to), 'recovered'],
          ]),
        );
      },
    ),
  );
});

test('a stall that goes on is one to the end, and one in a silence adds no beat', () => {
  const history = withStalls(
    [
      { ...beat, at: start },
      { ...beat, at: start + 30 * minute, silent: true },
    ],
    [{ from: start + 29 * minute, to: start + 31 * minute, open: true }],
  );
  expect(history.map(({ at, progress }) => [(at - start) / minute, progress !== undefined])).toEqual([
    [0, false],
    [29, true],
    [30, true],
  ]);
  expect(kindsOf(history, stallPolicy(60), start + 40 * minute)[0]).toEqual([35, 'unhealthy']);
});

test('a hundred days of stalls are read in a moment', () => {
  const stalls = Array.from({ length: 50_000 }, (_, n) => ({
    from: start + n * 2 * minute,
    to: start + (n * 2 + 1) * minute,
    open: false,
  }));
  const rows = Array.from({ length: 1000 }, (_, n) => ({ ...beat, at: start + n * 100 * minute }));
  const ms = ownMs(() => expect(withStalls(rows, stalls)).toHaveLength(101_000 - 1000));
  expect(ms).toBeLessThan(5000);
});

test('the rows of a journal tell when the last beat had come, and never run backwards', () => {
  const row = { ...beat, ageMs: 0 };
  const recorded = recordedOf([
    { ...row, at: start, state: 'healthy' },
    { ...row, at: start + 5 * minute, state: 'stale', ageMs: 4 * minute },
    { ...row, at: start + 6 * minute, state: 'unknown' },
    { ...row, at: start + 7 * minute, state: 'stale', ageMs: 6 * minute },
  ]);
  expect(recorded.map(({ at }) => (at - start) / minute)).toEqual([0, 1, 6, 6]);
  expect(recorded.map(({ status }) => status)).toEqual(['✅ On', '✅ On', null, '✅ On']);
});

test('a recording is read line by line, and what is wrong is named with its line', () => {
  const good =
    '{"at":"2026-03-01T10:00:00Z","status":"✅ On","session_active":true}\r\n\n{"at":1772359300000}';
  expect(parseRecorded(good)).toMatchObject({
    kind: 'recorded',
    history: [
      { at: start, status: '✅ On', sessionActive: true },
      { status: null, silent: false },
    ],
  });
  const wrong = (text: string) => parseRecorded(`{"at":5}\n${text}`);
  expect(wrong('nonsense')).toEqual({ kind: 'wrong', line: 2, expected: 'a JSON object' });
  for (const bad of ['{}', '{"at":"yesterday"}', '{"at":"2026-03-01T10:00:00"}', '{"at":6,"status":3}'])
    expect(wrong(bad)).toMatchObject({ kind: 'wrong', line: 2 });
  expect(wrong('{"at":4}')).toMatchObject({ expected: expect.stringContaining('after') });
  expect(wrong('{"at":6,"status":"✅","progress":true}')).toMatchObject({
    expected: expect.stringContaining('progress'),
  });
  expect(wrong('{"at":6,"silent":"yes"}')).toMatchObject({ expected: expect.stringContaining('silent') });
});
