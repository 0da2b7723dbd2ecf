import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillGaps } from './segments.ts';

test('a span nobody watched is unwatched', () => {
  expect(fillGaps({ from: 0, to: 10 }, [])).toEqual([{ from: 0, to: 10, state: 'unwatched' }]);
});

test('what was healthy before the watcher went away is not healthy while it is away', () => {
  const watched = [
    { from: 0, to: 3, state: 'healthy' },
    { from: 5, to: 6, state: 'healthy' },
    { from: 6, to: 8, state: 'of another version' },
  ];
  expect(fillGaps({ from: 2, to: 10 }, watched)).toEqual([
    { from: 2, to: 3, state: 'healthy' },
    { from: 3, to: 5, state: 'unwatched' },
    { from: 5, to: 6, state: 'healthy' },
    { from: 6, to: 8, state: 'unknown' },
    { from: 8, to: 10, state: 'unwatched' },
  ]);
});

test('the segments fill the span without a hole and without an overlap', () => {
  const edges = fc
    .array(fc.integer({ min: -50, max: 150 }), { maxLength: 20 })
    .map((all) => all.toSorted((a, b) => a - b));
  fc.assert(
    fc.property(edges, (all) => {
      const watched = all
        .slice(1)
        .map((to, i) => ({ from: all[i] ?? to, to, state: 'stale' }))
        .filter((_, i) => i % 2 === 0);
      let end = 0;
      for (const { from, to } of fillGaps({ from: 0, to: 100 }, watched)) {
        expect(from).toBe(end);
        expect(to).toBeGreaterThan(from);
        end = to;
      }
      expect(end).toBe(100);
    }),
  );
});
