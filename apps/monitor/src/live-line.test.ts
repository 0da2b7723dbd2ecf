import type { BotView } from '@sentinel/monitor';
import { expect, test } from 'vitest';
import { liveLine } from './live-line.ts';

const view = (over: Partial<BotView> = {}): BotView => ({
  name: 'alpha',
  state: 'healthy',
  phase: 'up',
  reason: 'beats on time',
  standing: 'all is well',
  ageMs: 12_000,
  staleInMs: 288_000,
  restartsLeft: 5,
  incidentSince: null,
  pausedUntil: null,
  exposure: null,
  closed: false,
  custody: null,
  ...over,
});
const line = (views: readonly BotView[], columns = 120) =>
  liveLine(views, { now: 1_000_000, columns, color: false });

test.each([
  [{}, 'alpha healthy · beat 0:12 old · stale in 4:48 · 5 restarts left'],
  [{ restartsLeft: null }, 'alpha healthy · beat 0:12 old · stale in 4:48'],
  [
    {
      state: 'stale',
      phase: 'down',
      ageMs: 312_000,
      staleInMs: -12_000,
      incidentSince: 940_000,
      restartsLeft: 1,
    },
    'alpha stale · down for 1:00 · beat 5:12 old · overdue by 0:12 · 1 restart left',
  ],
  [
    { pausedUntil: 1_090_000 },
    'alpha healthy · paused for 1:30 · beat 0:12 old · stale in 4:48 · 5 restarts left',
  ],
  [
    { state: 'unknown', phase: 'starting', ageMs: null, staleInMs: null },
    'alpha unknown · starting · no beat · 5 restarts left',
  ],
  [{ state: 'stopped', phase: 'stopped' }, 'alpha stopped · beat 0:12 old · 5 restarts left'],
  [{ closed: true }, 'alpha healthy · market closed · beat 0:12 old · stale in 4:48 · 5 restarts left'],
] as const)('%j is shown as it is', (over, text) => {
  expect(line([view(over)])).toBe(text);
});

test('of several bots the worst is shown, with how many there are', () => {
  const views = [view(), view({ name: 'beta', state: 'stale', phase: 'down', incidentSince: 0 })];
  expect(line(views)).toMatch(/^2 bots, 1 in trouble · beta stale · /);
});

test('a line never is as wide as the terminal, which would wrap it', () => {
  for (const columns of [1, 2, 20, 60]) expect(line([view()], columns).length).toBeLessThan(columns);
});
