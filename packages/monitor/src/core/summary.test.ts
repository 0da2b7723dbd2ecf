import { expect, test } from 'vitest';
import { type BotView, heldFor, holdsUntilLook } from './bot-view.ts';
import { sameSummary, summaryOf, worstFirst, worstOf } from './summary.ts';

const view = (name: string, over: Partial<BotView> = {}): BotView => ({
  name,
  state: 'healthy',
  phase: 'up',
  reason: 'beats on time',
  standing: 'all is well',
  ageMs: 1000,
  staleInMs: 299_000,
  restartsLeft: 5,
  incidentSince: null,
  pausedUntil: null,
  exposure: null,
  closed: false,
  custody: null,
  ...over,
});
const down = { state: 'stale', reason: 'no beat for 312 s (at most 300 s)', incidentSince: 1 } as const;

test('the bot with an incident comes first, before one that only looks worse', () => {
  const views = [view('a'), view('b', { state: 'unknown' }), view('c', down), view('d')];
  expect(worstFirst(views).map(({ name }) => name)).toEqual(['c', 'b', 'a', 'd']);
  expect(worstOf(views)?.name).toBe('c');
  expect(worstOf([view('a'), view('b')])?.name).toBe('a');
  expect(summaryOf(views)).toBe('4 bots, 1 with an incident: c is stale (no beat for 312 s (at most 300 s))');
});

test('an incident of a bot that is paused troubles nobody', () => {
  expect(summaryOf([view('a', { ...down, pausedUntil: 9 })])).toContain('1 bot, no incident: a is stale');
});

test('no bots is a summary too, and seconds that pass are no change', () => {
  expect(summaryOf([])).toBe('no bots');
  expect(sameSummary('a is stale (no beat for 9 s)', 'a is stale (no beat for 10 s)')).toBe(true);
  expect(sameSummary('1 bot: a', '2 bots: a')).toBe(false);
});

test('of a bot that is well nothing changes before its next look but the age of its beat', () => {
  expect(holdsUntilLook(view('a'))).toBe(true);
  for (const other of [
    { state: 'stale' },
    { phase: 'settling' },
    { pausedUntil: 9 },
    { closed: true },
  ] as const)
    expect(holdsUntilLook(view('a', other))).toBe(false);
  expect(heldFor(view('a'), 500)).toEqual(view('a', { ageMs: 1500, staleInMs: 298_500 }));
});
