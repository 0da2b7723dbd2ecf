import { expect, test } from 'vitest';
import { observed } from '../../test/observation.ts';
import type { Custody } from '../custody/custody.ts';
import { seeObstacle } from './look.ts';
import { actableAt } from './may-act.ts';
import { noProcessFacts, type Observation } from './observation.ts';
import { defaultRestartPolicy } from './policy.ts';
import { initialState, type LastBeat, type SupervisorState } from './supervisor-state.ts';

const policy = { ...defaultRestartPolicy, maxAgeMs: 60_000 };
const held: Custody = { kind: 'held', targets: [{ kind: 'process', pid: 7, mark: 1, startedUp: 0 }] };
const gone: Custody = { kind: 'gone', by: 'absence' };
/** When a bot whose last beat is too old may be ended and started, 100 s after a look found that beat. */
const actable = (lastBeat: LastBeat | null, custody: Custody = held) =>
  actableAt(
    { ...initialState(0, 0), lastBeat },
    observed(
      'stale',
      { kind: 'too-old', ageMs: 7_200_000, maxAgeMs: 60_000 },
      { processes: { ...noProcessFacts, custody } },
    ),
    101_000,
    policy,
  );
const beat = (over: Partial<LastBeat>): LastBeat => ({
  key: 'a',
  at: 1000,
  latestAt: 1000,
  watched: false,
  ...over,
});

test('a beat that was seen to come, or whose date agrees with the look that found it, is evidence at once', () => {
  expect(actable(beat({ watched: true, at: -7_000_000 }))).toBe(101_000);
  expect(actable(beat({ latestAt: 3000 }))).toBe(101_000);
  expect(actable(null)).toBe(101_000);
});

test('a beat that is dated well before the look that found it may have come right before that: it has max-age from there', () => {
  expect(actable(beat({ latestAt: 3001 }))).toBe(101_000);
  expect(actable(beat({ at: -7_000_000, latestAt: 100_000 }))).toBe(160_000);
  // Nothing would be ended: to start it is safe.
  expect(actable(beat({ at: -7_000_000, latestAt: 100_000 }), gone)).toBe(101_000);
});

test('a bot that beats on time is not ended for a restart that failed: what beats may be another start', () => {
  const at = (custody: Custody) =>
    actableAt(
      initialState(0, 0),
      observed(
        'healthy',
        { kind: 'fresh' },
        {
          unchangedMs: 4000,
          processes: { ...noProcessFacts, custody },
        },
      ),
      101_000,
      policy,
    );
  expect(at(held)).toBe(157_000);
  expect(at(gone)).toBe(101_000);
});

test('behind what kept beats from being read or written a bot has one grace to show that it is well', () => {
  const rules = { ...policy, graceMs: 90_000 };
  const stale = (processes: Partial<Observation['processes']>) =>
    observed(
      'stale',
      { kind: 'too-old', ageMs: 7_200_000, maxAgeMs: 60_000 },
      { processes: { ...noProcessFacts, custody: held, ...processes } },
    );
  const before = { ...initialState(0, 0), phase: 'down' } as const;
  const look = (state: SupervisorState, seen: Observation, now: number) =>
    seeObstacle(state, seen, now, rules).state;
  const blocked = look(before, stale({ diskTrouble: 'EACCES' }), 100_000);
  expect(look(blocked, stale({ diskTrouble: 'EACCES' }), 101_000)).toBe(blocked);
  const free = look(blocked, stale({}), 102_000);
  expect(actableAt(free, stale({}), 103_000, rules)).toBe(192_000);
  // With a longer max-age a bot may beat no sooner.
  expect(actableAt(free, stale({}), 103_000, { ...rules, maxAgeMs: 120_000 })).toBe(222_000);
  // What is known to be gone shows nothing any more.
  expect(actableAt(free, stale({ writer: 'gone' }), 103_000, rules)).toBe(103_000);
  expect(look({ ...free, lastGoodAt: 102_500 }, stale({}), 103_000).obstacle).toBe(null);
});

test('a loop that waits before it starts the bot again is waited for, whatever the evidence', () => {
  const waits: Custody = { ...gone, keeper: { pid: 9, unit: null, waitMs: 25_000 } };
  expect(actable(beat({ watched: true, at: -7_000_000 }), waits)).toBe(126_000);
});
