import { expect, test } from 'vitest';
import { alarmOf } from './alarm.ts';
import type { Notification } from './notification.ts';

const incident = 'bot@2026-01-05T00:00:00.000Z';
const bot = 'bot';

test.each<[string, Notification, ReturnType<typeof alarmOf>]>([
  [
    'an incident is open under its id',
    { kind: 'unhealthy', bot, incident, state: 'stale', reason: 'no beat' },
    { key: incident, state: 'open', ends: true },
  ],
  [
    'a reminder is the same alarm',
    { kind: 'reminder', bot, incident, state: 'stale', openForMs: 1 },
    { key: incident, state: 'open', ends: true },
  ],
  [
    'what happens in an incident is the same alarm',
    { kind: 'restart-attempted', bot, incident, attempt: 1, most: 5 },
    { key: incident, state: 'open', ends: true },
  ],
  [
    'its end is its end',
    { kind: 'recovered', bot, incident, outageMs: 1 },
    { key: incident, state: 'closed', ends: true },
  ],
  [
    'somebody has it',
    { kind: 'acknowledged', bot, incident, by: 'ann', note: '', forMs: null },
    { key: incident, state: 'acknowledged', ends: true },
  ],
  [
    'that its reminders wait is a note',
    { kind: 'snoozed', bot, incident, by: 'ann', note: '', forMs: 1 },
    null,
  ],
  [
    'a planned stop closes it',
    { kind: 'custom', bot, incident, severity: 'info', closes: 'incident', text: 'was stopped on purpose' },
    { key: incident, state: 'closed', ends: true },
  ],
  ['good news in it are a note', { kind: 'restart-verified', bot, incident, attempt: 1, tookMs: 1 }, null],
  [
    'what the bot says of itself is open by its topic',
    { kind: 'bot-says', bot, topic: 'no-stop', what: 'long 2', open: true },
    { key: 'bot/no-stop', state: 'open', ends: true },
  ],
  [
    'and is closed when it says so no more',
    { kind: 'bot-says', bot, topic: 'no-stop', what: 'long 2', open: false },
    { key: 'bot/no-stop', state: 'closed', ends: true },
  ],
  [
    'a session that is there again closes the loss',
    { kind: 'custom', bot, severity: 'info', closes: 'session-lost', text: 'its session is there again' },
    { key: 'bot/session-lost', state: 'closed', ends: true },
  ],
  [
    'what nobody ends has a key of its own',
    { kind: 'clock-skew', bot, aheadMs: 90_000 },
    { key: 'id', state: 'open', ends: false },
  ],
  ['a test has to arrive', { kind: 'test', bot, by: 'ann' }, { key: 'id', state: 'open', ends: false }],
  ['what a person has done is none', { kind: 'halted', bot, by: 'ann', forMs: null, reason: '' }, null],
])('%s', (_, notification, alarm) => {
  expect(alarmOf(notification, 'id')).toEqual(alarm);
});
