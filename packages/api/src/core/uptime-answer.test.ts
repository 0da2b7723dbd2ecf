import fc from 'fast-check';
import { expect, test } from 'vitest';
import { uptimeOf } from './uptime-answer.ts';

test('each instant is written as a date writes it, whichever was written before', () => {
  const instant = fc.oneof(
    fc.integer({ min: -1e13, max: 1e13 }),
    fc.double({ min: 0, max: 4e12, noNaN: true }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(instant, instant), { maxLength: 20 }), (pairs) => {
      const segments = pairs.map(([from, to]) => ({ from, to, state: 'healthy' as const }));
      const facts = { bot: 'bot', window: '24h', span: { from: 0, to: 1 }, days: [], warnings: [] } as const;
      expect(uptimeOf({ ...facts, segments }).segments).toEqual(
        segments.map(({ from, to, state }) => ({
          from: new Date(from).toISOString(),
          to: new Date(to).toISOString(),
          state,
        })),
      );
    }),
  );
});
