import { expect, test } from 'vitest';
import { bot, start } from '../../test/fixtures/facts.ts';
import { ackWords, courseWords, isNotKnownYet } from './course.ts';
import type { BotStatus } from './wire.ts';
import type { Course } from './wire-course.ts';

const at = start.wall + 60_000;
const course = (over: Partial<Course> = {}): Course => ({
  ...{ pausedBy: null, pausedReason: null, incidentSince: start.wall, ackBy: null, ackUntil: null },
  ...{
    snoozed: false,
    attempt: 1,
    most: 5,
    waitsUntil: at,
    notRestarted: null,
    notStopped: null,
    stopped: null,
    stoppedAt: null,
  },
  ...over,
});
const words = (phase: string, over: Partial<Course> = {}, more: Partial<BotStatus> = {}) =>
  courseWords(bot({ phase, course: course(over), ...more }), start);

const time = /\d\d:\d\d:\d\d$/;

test('what is waited for is named with its end, in words for a person', () => {
  expect(words('restarting')).toMatch(/^Restart 1 of 5, waiting for a beat until \d\d:\d\d:\d\d$/);
  expect(words('starting')).toMatch(/^Waiting for its first heartbeat until \d\d:\d\d:\d\d$/);
  expect(words('down')).toMatch(/^Restart 2 of 5 at \d\d:\d\d:\d\d$/);
  expect(words('settling')).toMatch(/^Beats again\. The incident ends at .* if that lasts$/);
  expect(words('exhausted')).toBe('Given up: a person is needed');
  expect(words('ending')).not.toMatch(time);
  expect(words('up')).toBeNull();
});

test('why a bot is not restarted is said', () => {
  expect(words('down', { notRestarted: 'nobody knows its process' })).toBe(
    'Not restarted: nobody knows its process',
  );
  const restartSafety = 'not safe: nobody knows its process. Say which it is';
  expect(words('down', { notRestarted: 'nobody knows its process' }, { restartSafety })).toBe(
    'Not restarted, since that is not safe',
  );
  expect(words('down', {}, { restartsLeft: null })).toContain('a person is needed');
  expect(words('down', { waitsUntil: start.wall - 1 })).toBe('Not restarted yet');
});

test('without a monitor nothing is said of what it does', () => {
  expect(courseWords(bot({ phase: null, course: null }), start)).toBeNull();
});

test('who has the incident is named, and who has only put off its reminders', () => {
  expect(ackWords(bot({ course: course({ ackBy: 'ann' }) }), start)).toBe('ann has it');
  expect(ackWords(bot({ course: course({ ackBy: 'ann', snoozed: true, ackUntil: at }) }), start)).toMatch(
    /^ann has put off the reminders until .*/,
  );
  expect(ackWords(bot({ course: course() }), start)).toBeNull();
});

test('a bot that may still come up for the first time is not known yet; one that was there, or is late, is not well', () => {
  const nothing = { state: 'unknown', ageSeconds: null } as const;
  expect(isNotKnownYet(bot({ ...nothing, phase: 'starting' }))).toBe(true);
  expect(isNotKnownYet(bot({ ...nothing, monitor: { alive: false, lastSeen: null } }))).toBe(true);
  expect(isNotKnownYet(bot({ ...nothing, phase: 'down' }))).toBe(false);
  expect(isNotKnownYet(bot({ ...nothing, monitor: { alive: false, lastSeen: 5 } }))).toBe(false);
  expect(isNotKnownYet(bot({ state: 'unknown', phase: 'starting', ageSeconds: 5 }))).toBe(false);
});
