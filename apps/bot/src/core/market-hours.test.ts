import { expect, test } from 'vitest';
import { dayOf, isMarketOpen } from './market-hours.ts';

// Chicago is at UTC-5 in June and at UTC-6 in January.
test.each([
  ['2026-06-01T12:00:00Z', true, 'Monday morning'],
  ['2026-06-01T21:30:00Z', false, 'the daily break'],
  ['2026-06-01T22:00:00Z', true, 'after the break'],
  ['2026-06-05T20:59:59Z', true, 'Friday before the close'],
  ['2026-06-05T21:00:00Z', false, 'Friday after the close'],
  ['2026-06-06T12:00:00Z', false, 'Saturday'],
  ['2026-06-07T21:59:59Z', false, 'Sunday before the opening'],
  ['2026-06-07T22:00:00Z', true, 'Sunday at the opening'],
  ['2026-01-04T22:30:00Z', false, 'Sunday in winter before the opening'],
  ['2026-01-04T23:00:00Z', true, 'Sunday in winter at the opening'],
])('%s: open %s, %s', (at, open) => {
  expect(isMarketOpen('cme', Date.parse(at))).toBe(open);
});

test('a market without hours is open', () => {
  expect(isMarketOpen('always', Date.parse('2026-06-06T12:00:00Z'))).toBe(true);
});

test('a day is that of the time zone', () => {
  const at = Date.parse('2026-06-01T23:30:00Z');
  expect(dayOf(at, 'UTC')).toBe('2026-06-01');
  expect(dayOf(at, 'Europe/Berlin')).toBe('2026-06-02');
});
