import { expect, test } from 'vitest';
import { type ChannelState, channelWarnings, lateMs, selfTestWarnings } from './channels.ts';

const at = Date.parse('2026-03-01T12:00:00Z');
const channel = (over: Partial<ChannelState> = {}): ChannelState => ({
  name: 'slack',
  deadSince: null,
  deadReason: null,
  pending: 0,
  oldestPendingAt: null,
  lastFailure: null,
  absence: null,
  ...over,
});

test('a channel that works is no news, nor one that waits for a moment', () => {
  const waits = channel({ name: 'ops', pending: 1, oldestPendingAt: at, lastFailure: 'HTTP 503' });
  expect(channelWarnings([channel(), waits], at + lateMs)).toEqual([]);
});

test('a dead channel is named, with since when, how, and what to do', () => {
  const dead = channel({ deadSince: at, deadReason: 'HTTP 404 no_service', pending: 3, oldestPendingAt: at });
  expect(channelWarnings([dead], at + 1)).toEqual([
    'The webhook of slack is dead since 2026-03-01T12:00:00.000Z (HTTP 404 no_service): alerts do not arrive there; make a new one and set it',
  ]);
});

test('a channel that refuses a message is not to be made anew', () => {
  const [words] = channelWarnings(
    [channel({ deadSince: at, deadReason: 'HTTP 400 invalid_blocks' })],
    at + 1,
  );
  expect(words).toMatch(/arrive there; it counts as alive again as soon as it accepts a message$/);
});

test.each([
  [1, null, null, '1 alert waits for slack since 2026-03-01T12:00:00.000Z: look at the network'],
  [
    7,
    'ENOTFOUND',
    null,
    '7 alerts wait for slack since 2026-03-01T12:00:00.000Z (ENOTFOUND): look at the network',
  ],
  [
    2,
    'no webhook is set',
    'not-set-up' as const,
    '2 alerts wait for slack since 2026-03-01T12:00:00.000Z (no webhook is set): set its webhook again; too old ones are given up',
  ],
  [
    2,
    'notifications are off',
    'off' as const,
    '2 alerts wait for slack since 2026-03-01T12:00:00.000Z (notifications are off): switch notifications on; too old ones are given up',
  ],
])('%s alerts that nobody took in time are said', (pending, lastFailure, absence, words) => {
  const late = channel({ pending, oldestPendingAt: at, lastFailure, absence });
  expect(channelWarnings([late], at + lateMs + 1)).toEqual([words]);
});

test('an instant that no calendar holds does no harm', () => {
  expect(channelWarnings([channel({ deadSince: Number.MAX_VALUE })], at)).toHaveLength(1);
});

test('a self-test that did not arrive everywhere is a warning until the next one does', () => {
  const monday = Date.UTC(2026, 0, 5, 9);
  const text = 'Arrived: phone. Not arrived within ten minutes: team.';
  expect(selfTestWarnings({ at: monday, good: false, text })).toEqual([
    `The self-test of 2026-01-05 did not arrive everywhere. ${text}`,
  ]);
  expect(selfTestWarnings({ at: monday, good: true, text: 'Arrived: phone, team.' })).toEqual([]);
  expect(selfTestWarnings(null)).toEqual([]);
});
