import { expect, test } from 'vitest';
import { isMonitorAlive } from './monitor-alive.ts';

test.each([
  [20_000, true],
  [20_001, false],
  [24_000, false],
  [-60_000, true],
  [-60_001, false],
])('a monitor that said %i ms ago that it lives counts as alive: %s', (agoMs, alive) =>
  expect(isMonitorAlive({ seenAt: 100_000 - agoMs, ended: false }, 100_000)).toBe(alive),
);
