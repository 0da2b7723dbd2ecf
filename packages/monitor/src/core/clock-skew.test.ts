import { parseStatusFile, see } from '@sentinel/heartbeat-core';
import { expect, test } from 'vitest';
import { observed } from '../../test/observation.ts';
import { offsetOf, seeSkew } from './clock-skew.ts';
import type { Observation } from './observation.ts';
import { defaultRestartPolicy } from './policy.ts';
import { initialState } from './supervisor-state.ts';

const start = Date.UTC(2026, 4, 6, 12);
const beat = (at: number) =>
  parseStatusFile(`✅ On\n${new Date(at).toISOString()}\n{"session_active": true}\n`);
const at = (now: number, wall = start, lookedAt = now) => ({ now, wall, lookedAt });

test('by how much a clock is ahead is known from beats that were seen to come, and stays known where none was', () => {
  const [first, second] = [beat(start + 69_000), beat(start + 70_300)];
  const once = see(undefined, first, 0);
  const twice = see(once, second, 1);
  expect(offsetOf(first, once, null, at(0)), 'it may have lain there').toBeNull();
  expect(offsetOf(second, twice, null, at(1))).toBe(71_000);
  expect(offsetOf(second, twice, 71_000, at(1, start + 200)), 'it changes seldom').toBe(71_000);
  expect(offsetOf(first, once, 71_000, at(0))).toBe(71_000);
  expect(offsetOf(second, twice, 71_000, at(1, start + 70_000)), 'the clock was set right').toBeNull();
});

test('a clock that is behind is known as well, rounded so that no beat is taken for younger', () => {
  const [first, second] = [beat(start - 401_000), beat(start - 400_300)];
  const once = see(undefined, first, 0);
  const twice = see(once, second, 1);
  expect(offsetOf(first, once, null, at(0)), 'it may have lain there').toBeNull();
  expect(offsetOf(second, twice, null, at(1))).toBe(-400_000);
  expect(offsetOf(second, twice, -400_000, at(1, start + 400)), 'it changes seldom').toBe(-400_000);
});

test('a beat that is found late is of no clock behind: it may have come just after the look before', () => {
  const [first, second] = [beat(start - 15_000), beat(start - 12_000)];
  const twice = see(see(undefined, first, 0), second, 30_000);
  const late = at(30_000, start, 15_000);
  expect(offsetOf(second, twice, null, late), 'the clock is right').toBeNull();
  expect(offsetOf(second, twice, 2000, late), 'it is ahead').toBe(2000);
  expect(offsetOf(second, twice, null, at(30_000, start, 25_000)), 'it was looked at since').toBe(-12_000);
});

test('clocks are said to agree again only once a beat was seen to come: not of a file that is gone, nor of a beat of before', () => {
  const before = { ...initialState(0, 0), skew: { open: true, toldAt: 0 } };
  const look = (over: Partial<Observation>) =>
    seeSkew(before, observed('healthy', { kind: 'fresh' }, over), 60_000, defaultRestartPolicy);
  for (const over of [
    { reading: 'missing', compared: true },
    { watched: true, compared: false },
  ] as const) {
    expect(look(over).state.skew.open).toBe(true);
    expect(look(over).actions).toEqual([]);
  }
  expect(look({ compared: true })).toMatchObject({
    state: { skew: { open: false } },
    actions: [{ notification: { title: expect.stringContaining('the clocks agree again') } }],
  });
});
