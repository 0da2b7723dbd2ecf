import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explainHealth } from './explain-health.ts';
import type { HealthPolicy } from './health.ts';
import { judge } from './judge.ts';
import type { Reading } from './reading.ts';
import type { Evidence } from './seen.ts';
import type { HealthState } from './states.ts';
import type { StatusRecord } from './status-record.ts';

const at = Date.UTC(2026, 4, 6, 12);
const policy: HealthPolicy = { maxAgeMs: 300_000, maxStallMs: 600_000, futureToleranceMs: 60_000 };
const ok: StatusRecord = {
  status: '✅ On',
  indicator: '✅',
  message: 'On',
  timestamp: '',
  updatedAt: at,
  sessionActive: true,
  stopped: false,
};
const error = { status: '❌ Off', indicator: '❌' };
const seen = (unchangedMs: number, stalledMs = unchangedMs, exact = true): Evidence => ({
  unchangedMs,
  exact,
  stalledMs,
});
type Row = [string, Partial<StatusRecord>, number, Evidence | undefined, HealthState, string];

// Each row is met with the rows below it true as well: the first that holds decides.
test.each<Row>([
  ['stopped, whatever else', { ...error, stopped: true }, 9_000_000, undefined, 'stopped', 'on purpose'],
  ['stopped, and dated ahead', { stopped: true }, -9_000_000, undefined, 'stopped', 'on purpose'],
  ['stopped, in a copy', { stopped: true }, 0, { ...seen(9e6), datedAt: at - 9e6 }, 'stale', 'no beat for'],
  [
    'stopped, and a copy of before',
    {},
    0,
    { ...seen(9e6), datedAt: at - 9e6, stopped: true },
    'stopped',
    'on purpose',
  ],
  ['dated ahead by more than is tolerated', error, -60_001, undefined, 'unknown', 'in the future'],
  ['dated ahead by what is tolerated', {}, -60_000, undefined, 'healthy', 'on time'],
  ['dated ahead, seen to beat', {}, -90_000, seen(10), 'healthy', 'on time'],
  ['dated ahead, seen but not to change', {}, -90_000, seen(10, 10, false), 'unknown', 'in the future'],
  [
    'old, with an error and no progress',
    { ...error, progress: 1 },
    300_000,
    seen(300_000, 9e6),
    'stale',
    'no beat',
  ],
  [
    'old by its date, first seen now',
    {},
    300_000,
    seen(0, 0, false),
    'stale',
    'no beat for 300 s (at most 300 s)',
  ],
  ['young by its date, seen for too long', {}, 0, seen(300_000, 0, false), 'stale', 'no beat'],
  [
    'no progress, with an error',
    { ...error, progress: 1 },
    10,
    seen(10, 600_001),
    'stuck',
    'no work for 600 s',
  ],
  ['no progress for just as long as it may', { progress: 1 }, 10, seen(10, 600_000), 'healthy', 'on time'],
  ['says nothing of progress', {}, 10, seen(10, 9e6), 'healthy', 'on time'],
  ['fresh, with an error', error, 10, undefined, 'degraded', 'reports an error: ❌ Off'],
  ['fresh, waiting', { status: '⏳ x', indicator: '⏳' }, 10, undefined, 'healthy', 'on time'],
  ['fresh, without an indicator', { status: 'x', indicator: null }, 10, undefined, 'healthy', 'on time'],
  ['fresh, session down', { sessionActive: false }, 10, undefined, 'healthy', 'on time'],
  ['a time that is none', { updatedAt: Number.NaN }, 0, undefined, 'unknown', 'in the future'],
])('%s', (_, record, ageMs, evidence, state, words) => {
  const health = judge(
    { kind: 'beat', record: { ...ok, ...record } },
    evidence ?? null,
    policy,
    null,
    at + ageMs,
  );
  expect([health.state, explainHealth(health)]).toEqual([state, expect.stringContaining(words)]);
});

type FileRow = [string, number, number | undefined, Evidence | undefined, HealthState, number];
const second = 1000;

// A beat dated `at`, looked at so much later, whose file was written so much before its date.
test.each<FileRow>([
  [
    'dead, its date is reached: as old as its file',
    10 * second,
    300 * second,
    undefined,
    'stale',
    310 * second,
  ],
  ['dead, its date lies a little ahead', -30 * second, 400 * second, undefined, 'stale', 370 * second],
  ['dead, its date lies far ahead', -61 * second, 400 * second, undefined, 'unknown', 339 * second],
  ['alive, its clock is a little ahead', -30 * second, 31 * second, undefined, 'healthy', second],
  ['first seen now', 10 * second, 300 * second, seen(0, 0, false), 'stale', 310 * second],
  ['seen to beat: that counts, not the file', 10 * second, 300 * second, seen(second), 'healthy', second],
  ['a file touched later', 10 * second, -5 * second, undefined, 'healthy', 10 * second],
  ['a file whose time is not known', 10 * second, undefined, undefined, 'healthy', 10 * second],
])('the time of the file: %s', (_, ageMs, beforeMs, evidence, state, age) => {
  const mtimeMs = beforeMs === undefined ? undefined : at - beforeMs;
  const health = judge({ kind: 'beat', record: ok, mtimeMs }, evidence ?? null, policy, null, at + ageMs);
  expect(health).toMatchObject({ state, ageMs: age });
});

test('whatever its file says, a beat is never younger for it', () => {
  const time = fc.integer({ min: -2_000_000, max: 2_000_000 });
  fc.assert(
    fc.property(time, time, (ageMs, mtime) => {
      const ageOf = (mtimeMs?: number) =>
        judge({ kind: 'beat', record: ok, mtimeMs }, null, policy, null, at + ageMs).ageMs ?? -1;
      return ageOf(at + mtime) >= ageOf() && (mtime < 0 || ageOf(at + mtime) === ageOf());
    }),
  );
});

test('without a limit progress is not looked at', () => {
  const reading: Reading = { kind: 'beat', record: { ...ok, progress: 1 } };
  expect(judge(reading, seen(0, 9e9), { ...policy, maxStallMs: null }, null, at).state).toBe('healthy');
});

test.each<Reading>([
  { kind: 'missing', problem: { code: 'missing', file: 'x' } },
  { kind: 'corrupt', problem: { code: 'empty' } },
  { kind: 'unreadable', problem: { code: 'unreadable', file: 'x', cause: 'EIO' } },
])('a reading without a beat ($kind) is unknown, whatever was seen', (reading) => {
  expect(judge(reading, seen(0), policy, null, at)).toMatchObject({
    state: 'unknown',
    ageMs: null,
    staleInMs: null,
  });
});

test('healthy just before its deadline, stale at it', () => {
  const look = (now: number) => judge({ kind: 'beat', record: ok }, null, policy, null, now);
  const deadline = at + (look(at).staleInMs ?? 0);
  expect(look(deadline - 1)).toMatchObject({ state: 'healthy', staleInMs: 1, changesInMs: 1 });
  expect(look(deadline)).toMatchObject({ state: 'stale', staleInMs: 0, changesInMs: null });
});

test('with age a beat only gets worse: healthy, then stuck, then stale, by both clocks', () => {
  const order: HealthState[] = ['healthy', 'stuck', 'stale'];
  const age = fc.nat(2_000_000);
  const stalled = fc.nat(1_000_000);
  fc.assert(
    fc.property(age, age, stalled, fc.boolean(), (a, b, already, exact) => {
      const worst = (ageMs: number) => {
        const evidence = seen(ageMs, ageMs + already, exact);
        return order.indexOf(
          judge({ kind: 'beat', record: { ...ok, progress: 1 } }, evidence, policy, null, at + ageMs).state,
        );
      };
      return worst(Math.min(a, b)) >= 0 && worst(Math.min(a, b)) <= worst(Math.max(a, b));
    }),
    { numRuns: 2000 },
  );
});
