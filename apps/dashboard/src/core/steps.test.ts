import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stepOf } from './steps.ts';

test('a minute, an hour and a year are counted in what people count them in', () => {
  expect([stepOf(60, 6), stepOf(3600, 6), stepOf(24 * 3600, 8), stepOf(365 * 86_400, 4)]).toEqual([
    10,
    600,
    3 * 3600,
    100 * 86_400,
  ]);
});

test('no length has more parts than there is room for', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.001, max: 1e12, noNaN: true }),
      fc.integer({ min: 1, max: 20 }),
      (length, parts) => {
        const step = stepOf(length, parts);
        expect(step).toBeGreaterThan(0);
        expect(length / step).toBeLessThanOrEqual(parts * (1 + 1e-9));
      },
    ),
  );
});
