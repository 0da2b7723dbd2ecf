import { expect, test } from 'vitest';
import { describe, isOfIncident, rankOf, toCard } from './describe.ts';
import type { Notification } from './notification.ts';

const at = Date.UTC(2026, 0, 5, 14, 30, 45);
const failed = { kind: 'restart-failed', bot: 'bot1', attempt: 1, reason: 'no beat' } as const;

test('a recovery says how long the outage was, in words', () => {
  expect(describe({ kind: 'recovered', bot: 'bot1', outageMs: 123_400 })).toBe(
    '✅ bot1 has recovered, after 2 minutes 3 seconds',
  );
});

test('a bot that beats again and says that something is wrong is not told as well', () => {
  const but = 'the bot reports an error: ❌ Login failed';
  const told = { kind: 'recovered', bot: 'bot1', outageMs: 8000, but } as const;
  expect(describe(told)).toBe(`✅ bot1 has recovered, after 8 seconds. But ${but}`);
  const card = toCard(told, at);
  expect(card.text).toContain(but);
  expect(card.next).toMatch(/^Look at the bot's log/);
});

test('a title that begins with a mark gets no second one', () => {
  const of = (title?: string) => {
    const facts = { kind: 'custom', bot: 'bot1', severity: 'warning', text: 'x' } as const;
    return toCard(title === undefined ? facts : { ...facts, title }, at).title;
  };
  expect([of(), of('No mark'), of('✅ Heard again'), of('⚠️ Lost')]).toEqual([
    ...['⚠️ bot1', '⚠️ No mark', '✅ Heard again', '⚠️ Lost'],
  ]);
});

test('what a person does about a restart that is not safe stands in a card once', () => {
  const restart = { kind: 'not-safe', why: 'nobody knows the bot', advice: 'Set --bot-process.' } as const;
  const told = { kind: 'unhealthy', bot: 'bot1', state: 'stale', reason: 'silent', restart } as const;
  const card = toCard(told, at);
  expect(JSON.stringify(card).split('Set --bot-process').length).toBe(2);
  expect(describe(told)).toContain('nobody knows the bot. Set --bot-process');
});

test('a journal that a person has set aside is not told as removed by nobody knows whom', () => {
  const told = {
    kind: 'journal-trouble',
    bot: 'bot1',
    trouble: 'removed',
    file: 'a.db',
    keptAs: 'a.db.set-aside-1',
  } as const;
  expect(describe(told)).toContain('was set aside');
  expect(JSON.stringify(toCard(told, at))).not.toContain('Find out who');
});

test('two runs of one bot are named, each with its process', () => {
  const instances = [
    { instance: 'a1', pid: 7, host: 'here' },
    { instance: 'b2', pid: null, host: null },
  ];
  expect(describe({ kind: 'duplicate-instance', bot: 'alpha', instances })).toBe(
    '❌ alpha runs more than once: a1 (process 7 on here) and b2 (process unknown on an unknown host) beat in turn. End one of them now',
  );
});

test('a card holds what is known of the outage and of the command, and nothing that is not', () => {
  expect(toCard({ ...failed, since: at, exitCode: 1, output: ' \n', nextInMs: 10_000 }, at)).toMatchObject({
    severity: 'critical',
    facts: [
      ['Since', { at }],
      ['Exit code', '1'],
      ['Next attempt in', '10 seconds'],
    ],
    output: undefined,
    origin: ['bot1', { at }],
  });
});

test('what a person is to do is said as the kind has it, unless it was said with the notification', () => {
  expect(toCard(failed, at).next).toContain('start it by hand if it is gone');
  expect(toCard({ ...failed, next: 'Call Ann.' }, at).next).toBe('Call Ann.');
});

test('a value that no reader can be shown is told as unknown, and one of another type is refused', () => {
  expect(toCard({ ...failed, since: 8.64e15 + 1 }, at).facts).toEqual([['Since', 'an unknown time']]);
  expect(() => toCard({ ...failed, output: 7 } as unknown as Notification, at)).toThrow(TypeError);
});

test('who heard of an outage hears of its end', () => {
  expect(rankOf({ kind: 'recovered', bot: 'bot1', outageMs: 1 })).toMatchObject({ reaches: 'critical' });
  expect(rankOf({ kind: 'login-success', bot: 'bot1', ends: 'critical' })).toEqual({
    severity: 'info',
    tone: 'good',
    reaches: 'critical',
  });
});

test('a kind that only a newer version knows is a warning, of no incident, and has no words', () => {
  const newer = { kind: 'toString', bot: 'bot1' } as unknown as Notification;
  expect(rankOf(newer)).toMatchObject({ severity: 'warning', tone: 'warning' });
  expect(isOfIncident(newer)).toBe(false);
  expect(() => describe(newer)).toThrow('of the kind toString');
});

test('a failed restart is written into the incident, a reminder is not', () => {
  expect(isOfIncident(failed)).toBe(true);
  expect(isOfIncident({ kind: 'reminder', bot: 'bot1', state: 'stale', openForMs: 1 })).toBe(false);
});
