import { tellingOrder } from '@sentinel/notify';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { afterOrder, decideIncidents, type Incidents, remindersBy, turnMs } from './incidents.ts';
import type { Problem } from './problems.ts';
import { notificationOf } from './words.ts';

const problem = (key: string, id = `${key}.1`): Problem => ({
  ...{ key, id, kind: 'host-down', host: key, silentMs: 10_100, bots: [] },
});
const none: Incidents = new Map();
const step = (
  before: Incidents,
  problems: readonly Problem[],
  now: number,
  { rank = 0, undecided = false }: { readonly rank?: number; readonly undecided?: boolean } = {},
) =>
  decideIncidents(
    before,
    problems,
    () => undecided,
    () => rank,
    now,
    now,
  );

test('the first observer tells at once, each next one five seconds later', () => {
  expect(step(none, [problem('a')], 0).orders).toMatchObject([{ event: 'open', incident: { id: 'a.1' } }]);
  const waits = step(none, [problem('a')], 0, { rank: 2 });
  expect(waits.orders).toEqual([]);
  expect(step(waits.incidents, [problem('a')], 2 * turnMs - 1, { rank: 2 }).orders).toEqual([]);
  expect(step(waits.incidents, [problem('a')], 2 * turnMs, { rank: 2 }).orders).toHaveLength(1);
});

test('what is over before it was told is not told', () => {
  const waits = step(none, [problem('a')], 0, { rank: 1 });
  expect(step(waits.incidents, [], 1000, { rank: 1 }).incidents.size).toBe(0);
});

test('while it cannot be told if it is over nothing changes', () => {
  const told = afterOrder(step(none, [problem('a')], 0).incidents, orderOf(none, 0), { where: 'here' }, 0);
  const after = step(told, [], 60_000, { undecided: true });
  expect([after.orders, after.incidents]).toEqual([[], told]);
});

const orderOf = (before: Incidents, now: number) => {
  const [order] = step(before, [problem('a')], now).orders;
  if (order === undefined) throw new Error('no order');
  return order;
};

test('the end is told once, and the next silence is a new incident', () => {
  const opened = step(none, [problem('a')], 0);
  const told = afterOrder(opened.incidents, orderOf(none, 0), { where: 'here', isSent: true }, 0);
  const closing = step(step(told, [], 1000).incidents, [], 1000);
  expect(closing.orders).toMatchObject([{ event: 'closed' }]);
  const [order] = closing.orders;
  if (order === undefined) throw new Error('no order');
  const over = afterOrder(closing.incidents, order, { where: 'here' }, 1100);
  expect(over.size).toBe(0);
  expect(step(over, [problem('a', 'a.2')], 2000).orders).toMatchObject([
    { event: 'open', incident: { id: 'a.2' } },
  ]);
});

test('what another observer has taken on is looked at again until it was sent', () => {
  const opened = step(none, [problem('a')], 0);
  const order = orderOf(none, 0);
  const elsewhere = afterOrder(opened.incidents, order, { where: 'elsewhere', id: 'a.other' }, 0);
  expect(elsewhere.get('a')?.id).toBe('a.other');
  expect(step(elsewhere, [problem('a')], 10_000).orders).toMatchObject([{ kind: 'recheck' }]);
  const sent = afterOrder(opened.incidents, order, { where: 'elsewhere', isSent: true }, 0);
  expect(step(sent, [problem('a')], 800_000).orders).toEqual([]);
});

test('a telling that failed is tried again', () => {
  const failed = afterOrder(
    step(none, [problem('a')], 0).incidents,
    orderOf(none, 0),
    { where: 'failed' },
    0,
  );
  expect(step(failed, [problem('a')], 1000).orders).toHaveLength(1);
});

test('every observer finds the same order, and each has a place of its own', () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(names, fc.string(), (observers, key) => {
      const ranks = observers.map((each) => tellingOrder(key, [...observers].reverse()).indexOf(each));
      expect([...ranks].sort((a, b) => a - b)).toEqual(observers.map((_, at) => at));
    }),
  );
});

test('an alert says what it is, and when it may be doubled', () => {
  const incident = { id: 'a.1', problem: problem('a') };
  const situation = { observer: 'o1', silent: [], mayBeDoubled: true };
  expect(notificationOf(incident, 'open', situation)).toMatchObject({
    ...{ severity: 'critical', incident: 'a.1', title: 'Host a is down or cut off', host: 'a' },
    text: expect.stringContaining('may be doubled'),
  });
  expect(notificationOf(incident, 'closed', { ...situation, mayBeDoubled: false })).toMatchObject({
    ...{ closes: 'incident', ends: 'critical', incident: 'a.1', title: 'Host a is there again' },
  });
});

test('people are reminded of what lasts after 15 minutes, and ever more rarely, until somebody acknowledges it', () => {
  const minute = 60_000;
  const opened = step(none, [problem('a')], 0);
  const told = afterOrder(opened.incidents, orderOf(none, 0), { where: 'here', isSent: true }, 0);
  const kinds = (before: Incidents, at: number) =>
    step(before, [problem('a')], at).orders.map(({ kind }) => kind);
  expect(kinds(told, 15 * minute - 1)).toEqual([]);
  const reminded = step(told, [problem('a')], 15 * minute);
  expect(reminded.orders).toMatchObject([{ kind: 'remind', incident: { reminded: 1 } }]);
  expect(kinds(reminded.incidents, 45 * minute - 1)).toEqual([]);
  expect(kinds(reminded.incidents, 45 * minute)).toEqual(['remind']);
  const acked = new Map([...told].map(([key, one]) => [key, { ...one, ackedBy: 'ann' }]));
  expect(kinds(acked, 15 * minute)).toEqual([]);
  expect([225, 464, 465, 705].map((minutes) => remindersBy(minutes * minute))).toEqual([4, 4, 5, 6]);
});
