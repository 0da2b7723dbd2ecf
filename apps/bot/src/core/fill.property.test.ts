import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Bracket, exitOf, fillPrice, profitOf, type Side } from './fill.ts';

const costs = { slippageBps: 2, feePerContract: 0.62 };
const price = fc.integer({ min: 100, max: 100_000 }).map((cents) => cents / 100);
const side = fc.constantFrom<Side>('buy', 'sell');

test('a fill is never better than the price', () => {
  fc.assert(
    fc.property(side, price, (which, at) => {
      const filled = fillPrice(which, at, costs);
      expect(which === 'buy' ? filled >= at : filled <= at).toBe(true);
    }),
  );
});

test('opening and closing at one price costs money, never earns it', () => {
  fc.assert(
    fc.property(side, price, fc.integer({ min: 1, max: 50 }), (which, at, quantity) => {
      const entry = fillPrice(which, at, costs);
      const exit = fillPrice(which === 'buy' ? 'sell' : 'buy', at, costs);
      const bracket: Bracket = { side: which, quantity, entry, target: at, stop: at };
      expect(profitOf(bracket, exit, 100, 2 * quantity * costs.feePerContract)).toBeLessThan(0);
    }),
  );
});

test('a stop never fills better than the stop, a target exactly at the target', () => {
  fc.assert(
    fc.property(side, price, fc.double({ min: 0.8, max: 1.2, noNaN: true }), (which, entry, factor) => {
      const sign = which === 'buy' ? 1 : -1;
      const bracket = {
        side: which,
        quantity: 1,
        entry,
        target: entry * (1 + sign * 0.04),
        stop: entry * (1 - sign * 0.03),
      };
      const exit = exitOf(bracket, entry * factor, costs);
      if (exit?.why === 'target') expect(exit.price).toBe(bracket.target);
      // Prices are in whole cents: half a cent is rounding.
      if (exit?.why === 'stop') expect(sign * (bracket.stop - exit.price)).toBeGreaterThanOrEqual(-0.005);
    }),
  );
});
