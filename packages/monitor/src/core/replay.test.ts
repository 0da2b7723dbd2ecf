import { defaultHealthPolicy } from '@sentinel/heartbeat-core';
import { expect, test } from 'vitest';
import { parseRecorded } from './parse-recorded.ts';
import { defaultRestartPolicy, type Policy } from './policy.ts';
import { kindOf, type Recorded, recordedOf, replay } from './replay.ts';

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
  expect(wrong('{"at":6,"silent":"yes"}')).toMatchObject({ expected: expect.stringContaining('silent') });
});
