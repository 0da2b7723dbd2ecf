import { expect, test } from 'vitest';
import { peerPolicy } from './policy.ts';
import { decideTelling, type Observer } from './telling.ts';

const policy = peerPolicy();
const since = 100_000;
const event = { event: 'ams@1.0/down', order: ['fra', 'nyc'], since, hearsSince: 0 };
const heardAt = (name: string, answerAt: number): Observer => ({
  name,
  report: null,
  askable: true,
  answerAt,
  askableUntil: answerAt + policy.lateMs,
});

test('the first one asks the others before it tells, for a second at most: they may have waited for it and told', () => {
  const decide = (answerAt: number, now: number) =>
    decideTelling(event, 'fra', [heardAt('nyc', answerAt)], now, policy);
  expect(decide(since - 4000, since + 200)).toEqual({ kind: 'wait' });
  expect(decide(since + 100, since + 200)).toEqual({ kind: 'tell', mayDouble: false });
  expect(decide(since - 4000, since + 1000)).toMatchObject({ kind: 'tell' });
});

test('who has not heard the one above it for two seconds cannot know whether that has told: it says so', () => {
  const now = since + policy.rankMs;
  const decide = (answerAt: number) => decideTelling(event, 'nyc', [heardAt('fra', answerAt)], now, policy);
  expect(decide(now - 300)).toEqual({ kind: 'tell', mayDouble: false });
  expect(decide(now - 2500)).toEqual({ kind: 'tell', mayDouble: true });
});

test('those who waited in vain for a channel of one that has raised it do not all tell at once', () => {
  const order = ['fra', 'nyc', 'sgp'];
  const now = since + policy.patienceMs + 100;
  const raised = {
    ...heardAt('fra', now),
    report: { told: [{ event: event.event, sent: false }] },
  } as unknown as Observer;
  const decide = (me: string, other: string, at: number) =>
    decideTelling({ ...event, order }, me, [raised, heardAt(other, at)], at, policy);
  const soon = since + policy.patienceMs + policy.rankMs;
  expect(decide('nyc', 'sgp', soon)).toEqual({ kind: 'tell', mayDouble: true });
  expect(decide('sgp', 'nyc', soon)).toEqual({ kind: 'wait' });
  expect(decide('sgp', 'nyc', soon + policy.rankMs)).toEqual({ kind: 'tell', mayDouble: true });
});
