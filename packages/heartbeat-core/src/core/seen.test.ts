import { expect, test } from 'vitest';
import { defaultHealthPolicy, evaluateHealth } from './health.ts';
import { parseStatusFile } from './parse.ts';
import type { Reading } from './reading.ts';
import { evidenceAt, ofClockAhead, type Seen, see } from './seen.ts';

const start = Date.UTC(2026, 4, 6, 12);
const beat = (seq: number, rest: Record<string, unknown> = {}, at = start): Reading =>
  parseStatusFile(
    `✅ On\n${new Date(at).toISOString()}\n${JSON.stringify({ session_active: true, seq, ...rest })}`,
  );
const watch = (...looks: [Reading, number][]): Seen | undefined =>
  looks.reduce<Seen | undefined>((seen, [reading, at]) => see(seen, reading, at), undefined);
const missing: Reading = { kind: 'missing', problem: { code: 'missing', file: 'x' } };

test('before the first beat nothing is known', () => {
  expect(evidenceAt(watch(), 5)).toBeUndefined();
  expect(evidenceAt(watch([missing, 1]), 5)).toBeUndefined();
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
  const judge = (monotonic: number) =>
    evaluateHealth(beat(2), defaultHealthPolicy, start + monotonic + jump, evidenceAt(seen, monotonic));
  const { maxAgeMs } = defaultHealthPolicy;
  expect(judge(1000 + maxAgeMs - 1).state).toBe('healthy');
  expect(judge(1000 + maxAgeMs).state).toBe('stale');
  expect(judge(2000).warnings).toEqual([{ kind: 'clock-skew', skewMs: expect.closeTo(-jump, -4) }]);
});

test('a beat of a clock that is known to be ahead is as old as it is, and a beat that was seen to come is new', () => {
  const dead = beat(1, {}, start + 70_000);
  const at = (now: number) => ofClockAhead(see(undefined, dead, 500), dead, 70_000, 500, now);
  const state = (now: number) =>
    evaluateHealth(dead, { ...defaultHealthPolicy, maxAgeMs: 6000 }, now, evidenceAt(at(now), 500)).state;
  expect(state(start + 2000)).toBe('unknown');
  expect(state(start + 11_000)).toBe('stale');
  expect(state(start + 75_000)).toBe('stale');
  const live = watch([beat(1), 100], [dead, 250]);
  expect(ofClockAhead(live, dead, 70_000, 300, start)).toEqual(live);
  expect(ofClockAhead(watch([dead, 100]), dead, null, 300, start)).toEqual(watch([dead, 100]));
});
