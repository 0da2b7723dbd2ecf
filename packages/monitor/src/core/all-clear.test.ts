import { expect, test } from 'vitest';
import { reportDue } from './all-clear.ts';

// Without an offset: the clock of whatever machine this is.
const at = (text: string) => new Date(text).getTime();
const morning = at('2026-01-05T07:00:00');

test.each([
  ['before the time', null, '2026-01-05T07:59:59', null],
  ['at the time', null, '2026-01-05T08:00:00', '2026-01-05'],
  ['once a day', '2026-01-05', '2026-01-05T23:59:59', null],
  ['after midnight', '2026-01-05', '2026-01-06T07:59:59', null],
  ['the next day', '2026-01-05', '2026-01-06T08:00:01', '2026-01-06'],
  ['after days without a monitor', '2026-01-01', '2026-01-06T10:00:00', '2026-01-06'],
])('%s', (_, last, now, due) => {
  expect(reportDue('08:00', last, morning, at(now))).toBe(due);
});

test('a monitor that begins after the time of its first day waits for the next', () => {
  const begun = at('2026-01-05T09:00:00');
  expect(reportDue('08:00', null, begun, at('2026-01-05T09:00:01'))).toBeNull();
  expect(reportDue('08:00', null, begun, at('2026-01-06T08:00:00'))).toBe('2026-01-06');
});
