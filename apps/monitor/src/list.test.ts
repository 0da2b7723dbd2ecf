import { expect, test } from 'vitest';
import { listOf } from './list.ts';

test('who has put off the reminders of an incident does not have it', () => {
  const row = { bot: 'a', state: 'stale', age_seconds: 90, restarts_left: 4, acknowledged_by: 'ann' };
  const line = (over: object) => listOf({ code: 2, line: '', json: { ...row, ...over } }).line;
  expect(line({})).toMatch(/ann has the incident$/);
  expect(line({ snoozed: false })).toMatch(/ann has the incident$/);
  expect(line({ snoozed: true })).toMatch(/ann has put off its reminders$/);
});
