import { parseStatusFile, see } from '@sentinel/heartbeat-core';
import { expect, test } from 'vitest';
import { aheadOf } from './clock-skew.ts';

const start = Date.UTC(2026, 4, 6, 12);
const beat = (at: number) =>
  parseStatusFile(`✅ On\n${new Date(at).toISOString()}\n{"session_active": true}\n`);

test('by how much a clock is ahead is known from beats that were seen to come, and stays known where none was', () => {
  const [first, second] = [beat(start + 69_000), beat(start + 70_300)];
  const once = see(undefined, first, 0);
  const twice = see(once, second, 1);
  expect(aheadOf(first, once, null, start), 'it may have lain there').toBeNull();
  expect(aheadOf(second, twice, null, start)).toBe(71_000);
  expect(aheadOf(second, twice, 71_000, start + 200), 'it changes seldom').toBe(71_000);
  expect(aheadOf(first, once, 71_000, start)).toBe(71_000);
  expect(aheadOf(second, twice, 71_000, start + 70_000), 'the clock was set right').toBeNull();
});
