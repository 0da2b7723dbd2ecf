import { type HealthState, healthStates } from '@sentinel/heartbeat-core/browser';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayBar, isKnownBefore, strip, stripStart, sumOf, uptimeOfStrip, uptimeWords } from './strip.ts';

const hour = 3_600_000;
const now = Date.UTC(2026, 10, 23, 14, 30);
const ago = (hours: number) => now - hours * hour;

describe('the last 24 hours', () => {
  test('time that nobody covers was not watched', () => {
    const got = strip([{ from: ago(12), to: ago(6), state: 'healthy' }], ago(24), now, null);
    expect(got.map(({ x, width, state }) => [x, width, state])).toEqual([
      [0, 0.5, 'unwatched'],
      [0.5, 0.25, 'healthy'],
      [0.75, 0.25, 'unwatched'],
    ]);
  });
  test('nothing at all is one stretch that says so', () => {
    expect(strip([], ago(24), now, null)).toMatchObject([{ x: 0, width: 1, state: 'unwatched' }]);
  });
  test('what the API says now prolongs what it journaled, and only as long as it is heard', () => {
    const segments = [{ from: ago(24), to: ago(1), state: 'healthy' }] as const;
    expect(strip(segments, ago(24), now, { state: 'stale', upTo: now }).map(({ state }) => state)).toEqual([
      'healthy',
      'stale',
    ]);
    expect(strip(segments, ago(24), now, null).map(({ state }) => state)).toEqual(['healthy', 'unwatched']);
  });
  test('whatever comes, the stretches fill the strip once, from left to right', () => {
    const at = fc.integer({ min: ago(40), max: now + hour });
    const segment = fc.record({
      from: at,
      to: at,
      state: fc.constantFrom(...(Object.keys(healthStates) as HealthState[])),
    });
    fc.assert(
      fc.property(fc.array(segment), (segments) => {
        const got = strip(segments, ago(24), now, null);
        let x = 0;
        for (const stretch of got) {
          expect(stretch.x).toBeCloseTo(x, 9);
          expect(stretch.width).toBeGreaterThan(0);
          x = stretch.x + stretch.width;
        }
        expect(x).toBeCloseTo(1, 9);
      }),
    );
  });
});

test('the strip begins where knowledge begins', () => {
  const segments = [
    { from: ago(24), to: ago(2), state: 'unwatched' },
    { from: ago(2), to: now, state: 'healthy' },
  ] as const;
  expect(stripStart(segments, now, 24 * hour, false)).toBe(ago(2));
  expect(stripStart(segments, now, hour, false), 'a shorter range stays').toBe(ago(1));
  expect(stripStart(segments, now, 24 * hour, true), 'nobody watched in between').toBe(ago(24));
  expect(stripStart([], now, 24 * hour, false), 'nothing is known').toBe(ago(24));
  const justNow = [{ from: now - 5000, to: now, state: 'healthy' }] as const;
  expect(stripStart(justNow, now, 24 * hour, false), 'wide enough to be read').toBe(now - 600_000);
});

test('a time before the range counts as known only where somebody watched in it', () => {
  const uptime = { from: 0, to: 0, up: 600, down: 0, unknown: 0, percent: 100, days: [], segments: [] };
  expect(isKnownBefore(uptime, uptime)).toBe(false);
  expect(isKnownBefore({ ...uptime, down: 600 }, uptime)).toBe(true);
  expect(isKnownBefore(null, uptime)).toBe(false);
});

test('how the shown time was spent is summed from what is shown', () => {
  const got = strip([{ from: ago(1), to: ago(0.25), state: 'healthy' }], ago(1), now, {
    state: 'stale',
    upTo: now,
  });
  expect(uptimeWords(uptimeOfStrip(got, hour))).toBe('75 % up, 15 min down');
  const day = { date: '2026-11-22', percent: null };
  expect(uptimeWords(sumOf([{ ...day, up: 0, down: 0, unknown: 9 }]))).toBe('nothing watched yet');
  expect(sumOf([{ ...day, up: 30, down: 10, unknown: 0 }])).toMatchObject({ percent: 75, down: 10 });
});

describe('a day as a bar', () => {
  const day = { date: '2026-11-22', percent: null };
  test('a minute of outage can be seen', () => {
    expect(dayBar({ ...day, up: 86_340, down: 60, unknown: 0 }).down).toBeGreaterThanOrEqual(0.05);
  });
  test('a day that nobody watched is no good day', () => {
    expect(dayBar({ ...day, up: 0, down: 0, unknown: 86_400 })).toMatchObject({ up: 0, unknown: 1 });
    expect(dayBar({ ...day, up: 0, down: 0, unknown: 0 })).toMatchObject({ up: 0, unknown: 1 });
  });
  test('the parts are the whole', () => {
    fc.assert(
      fc.property(fc.nat(86_400), fc.nat(86_400), fc.nat(86_400), (up, down, unknown) => {
        const bar = dayBar({ ...day, up, down, unknown });
        expect(bar.up + bar.down + bar.unknown).toBeCloseTo(1, 9);
        expect(Math.min(bar.up, bar.down, bar.unknown)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

test('uptime in words names what is missing from it', () => {
  expect(uptimeWords({ percent: null, down: 0, unknown: 9 })).toBe('nothing watched yet');
  expect(uptimeWords({ percent: 100, down: 0, unknown: 3 })).toBe('100 % up');
  expect(uptimeWords({ percent: 99.5, down: 180, unknown: 7200 })).toBe(
    '99.5 % up, 3 min down, 2 h not known',
  );
});
