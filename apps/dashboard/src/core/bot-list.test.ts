import { expect, test } from 'vitest';
import { heard, start } from '../../test/fixtures/facts.ts';
import { badges, matches, orders, rowOf, summary } from './bot-list.ts';

const later = start.wall + 600_000;
const course = {
  ...{ pausedBy: null, pausedReason: null, incidentSince: start.wall, ackBy: null, ackUntil: null },
  ...{
    snoozed: false,
    attempt: null,
    most: 5,
    waitsUntil: null,
    notRestarted: null,
    notStopped: null,
    stopped: null,
    stoppedAt: null,
  },
};

test('each bot counts once, and a pause hides no trouble', () => {
  const bots = [
    heard(),
    heard({ bot: 'bravo' }),
    heard({ bot: 'charlie', state: 'stale' }),
    heard({ bot: 'delta', state: 'down', pausedUntil: later }),
    heard({ bot: 'echo', pausedUntil: later }),
    heard({ bot: 'foxtrot', state: 'unknown' }),
    heard({ bot: 'golf', pausedUntil: start.wall - 1 }),
  ];
  expect(summary(bots, start)).toBe('3 up, 2 down, 1 unknown, 1 paused');
});

test.each([
  ['trouble first', ['c', 'b2', 'b10', 'a']],
  ['by name', ['a', 'b2', 'b10', 'c']],
  ['oldest beat first', ['a', 'b10', 'c', 'b2']],
  ['exposed first', ['b10', 'b2', 'a', 'c']],
] as const)('bots %s; those that are equal stay in their order', (order, expected) => {
  const rows = [
    heard({ bot: 'b2' }),
    heard({ bot: 'b10', ageSeconds: 50, atStake: 'long 2 EURUSD' }),
    heard({ bot: 'a', ageSeconds: null }),
    heard({ bot: 'c', state: 'stale', ageSeconds: 20, atStake: null }),
  ].map((each) => rowOf(each, { kind: 'live', heard: start }, start));
  expect(orders[order](rows).map(({ view }) => view.name)).toEqual(expected);
});

test.each([
  [{}, []],
  [{ pausedUntil: later }, [expect.stringMatching(/^paused until \d\d:\d\d:\d\d$/)]],
  [{ closedUntil: later }, ['market closed']],
  [{ session: 'inactive' }, ['signed out']],
  [{ session: 'inactive', state: 'down' }, []],
  [{ state: 'down', phase: 'exhausted' }, ['given up']],
  [{ state: 'down', phase: 'restarting' }, ['restarting']],
  [{ state: 'down', phase: 'restarting', course: { ...course, attempt: 2 } }, ['restarting 2 of 5']],
  [{ state: 'down', phase: 'down', course: { ...course, ackBy: 'ann' } }, ['ann has it']],
  [{ state: 'degraded', needsPerson: 'a captcha' }, ['needs a person']],
  [{ haltedByPerson: true, state: 'halted' }, []],
  [{ haltedByPerson: true, state: 'down' }, ['halted']],
] as const)('%j has the badges %j', (over, expected) => {
  expect(badges(heard(over), start)).toEqual(expected);
});

test('a search is for words of the name and the state', () => {
  const row = (word: string) => ({ view: { name: 'eur-usd', word }, tags: ['Forex', 'vps 2'] });
  expect(matches(row('Stale'), 'EUR st')).toBe(true);
  expect(matches(row('Healthy'), 'stale')).toBe(false);
  expect(matches(row('Healthy'), ' ')).toBe(true);
  expect(matches(row('Healthy'), 'eur forex')).toBe(true);
  expect(['', 'vps 2', 'vps'].map((tag) => matches(row('Healthy'), '', tag))).toEqual([true, true, false]);
});
