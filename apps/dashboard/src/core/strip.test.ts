import { type HealthState, healthStates } from '@sentinel/heartbeat-core/browser';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayBar, strip, uptimeWords } from './strip.ts';

const hour = 3_600_000;
const now = Date.UTC(2026, 10, 23, 14, 30);
const ago = (hours: number) => now - hours * hour;

describe('the last 24 hours', () => {
  test('time that nobody covers was not watched', () => {
    const got = strip([{ from: ago(12), to: ago(6), state: 'healthy' }], now, null);
    expect(got.map(({ x, width, state }) => [x, width, state])).toEqual([
      [0, 0.5, 'unwatched'],
      [0.5, 0.25, 'healthy'],
      [0.75, 0.25, 'unwatched'],
    ]);
  });
  test('nothing at all is one stretch that says so', () => {
    expect(strip([], now, null)).toMatchObject([{ x: 0, width: 1, state: 'unwatched' }]);
  });
  test('what the API says now prolongs what it journaled, and only as long as it is heard', () => {
    const segments = [{ from: ago(24), to: ago(1), state: 'healthy' }] as const;
    expect(strip(segments, now, { state: 'stale', upTo: now }).map(({ state }) => state)).toEqual([
      'healthy',
      'stale',
    ]);
    expect(strip(segments, now, null).map(({ state }) => state)).toEqual(['healthy', 'unwatched']);
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
        const got = strip(segments, now, null);
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
