import { defaultHealthPolicy, judge, parseStatusFile, type Reading } from '@sentinel/heartbeat-core';
import { expect, test } from 'vitest';
import { followRun } from './run.ts';
import { statusOf } from './status-answer.ts';
import { statusAnswer } from './status-schema.ts';
import { unsupervised } from './supervision.ts';

const now = Date.parse('2026-03-01T12:00:00Z');

const answer = (reading: Reading, at = now, supervision = unsupervised) => {
  const health = judge(reading, null, defaultHealthPolicy, null, at);
  return statusOf({
    bot: 'bot',
    reading,
    health,
    policy: defaultHealthPolicy,
    run: followRun(undefined, reading, health, 0),
    supervision,
    takesOrders: true,
    warnings: [],
    now: at,
    monotonicNow: 7000,
  });
};

const beat = (details: object) =>
  parseStatusFile(
    `✅ Heartbeat active\n2026-03-01T11:59:58.000000Z\n${JSON.stringify({ session_active: true, ...details })}`,
  );

test('a missing file is ❓, names no folder and knows nothing', () => {
  const missing: Reading = { kind: 'missing', problem: { code: 'missing', file: '/srv/secret/place.txt' } };
  const said = answer(missing);
  expect(said).toMatchObject({
    timestamp: null,
    session_active: false,
    uptime: 0,
    last_update: null,
    health: 'unknown',
    session: 'unknown',
  });
  expect(said.status).toMatch(/^❓ .*place\.txt/);
  expect(JSON.stringify(said)).not.toContain('/srv');
  expect(statusAnswer.parse(said)).toEqual(said);
});

test('uptime counts from the start that the bot names', () => {
  expect(answer(beat({ started_at: '2026-03-01T11:00:00Z' })).uptime).toBe(3600);
});

test('uptime of a writer that names no start counts from when this process was first seen, and says so', () => {
  expect(answer(beat({}))).toMatchObject({ uptime: 7, uptime_from: 'first-seen' });
  expect(answer(beat({ started_at: '2026-03-01T11:00:00Z' })).uptime_from).toBe('start');
  const first = beat({ pid: 7 });
  const health = judge(first, null, defaultHealthPolicy, null, now);
  const run = followRun(undefined, first, health, 0);
  expect(followRun(run, first, health, 1000)).toBe(run);
  expect(followRun(run, beat({ pid: 8 }), health, 2000)).toMatchObject({ since: 2000 });
});

test.each([
  ['too old', beat({ started_at: '2026-03-01T11:00:00Z' }), now + 3_600_000],
  ['stopped on purpose', beat({ started_at: '2026-03-01T11:00:00Z', stopped: true }), now],
  ['dated in the future', beat({ started_at: '2026-03-01T11:00:00Z' }), now - 3_600_000],
])('a bot that does not beat has no uptime: %s', (_name, reading, at) => {
  expect(answer(reading, at).uptime).toBe(0);
});

test('the five fields that existing readers know come first', () => {
  expect(Object.keys(answer(beat({}))).slice(0, 5)).toEqual([
    'status',
    'timestamp',
    'session_active',
    'uptime',
    'last_update',
  ]);
});

test('a bot that is stale by a clock which was behind has a warning that says by what its age goes', () => {
  const wasBehind = (ms: number | null) => ({
    ...unsupervised,
    asked: { ...unsupervised.asked, wasBehindMs: ms },
  });
  const old = now + 400_000;
  expect(answer(beat({}), old, wasBehind(395_000)).warnings).toEqual([
    "The clock of the bot's machine was 395 s behind, and no monitor lives: the age is by the date of the beat",
  ]);
  expect(answer(beat({}), old, wasBehind(null)).warnings).toEqual([]);
  expect(answer(beat({}), now, wasBehind(395_000)).warnings).toEqual([]);
});
