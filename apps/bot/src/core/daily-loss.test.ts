import { expect, test } from 'vitest';
import { haltedBy } from './daily-loss.ts';

test.each([
  [-100, 100, 'daily loss limit: 100.00 of 100 lost'],
  [-99.99, 100, null],
  [250, 100, null],
  [-1e9, null, null],
])('a day of %d with a limit of %s', (profitToday, maxDailyLoss, why) => {
  expect(haltedBy({ profitToday, maxDailyLoss })).toBe(why);
});
