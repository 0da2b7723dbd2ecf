import type { Prices } from '../broker/prices.ts';

/** What the demo sends for one bar: as a source would write it, good and bad ones. */
type DemoEntry = {
  readonly id: string;
  readonly symbol: string;
  readonly direction: 'buy' | 'sell';
  readonly quantity: number;
  readonly tp: number;
  readonly sl: number;
};

const lookBack = 3;
const faultyEvery = 6;
const cents = (price: number) => Math.round(price * 100) / 100;

const bracket = (price: number, direction: 'buy' | 'sell') => {
  const sign = direction === 'buy' ? 1 : -1;
  return { tp: cents(price * (1 + sign * 0.04)), sl: cents(price * (1 - sign * 0.03)) };
};

/** Mistakes that senders really make, so that the validation has something to refuse. */
const spoil = (entry: DemoEntry, turn: number): DemoEntry => {
  switch (turn % 3) {
    case 0:
      return { ...entry, quantity: 500 };
    case 1:
      return { ...entry, symbol: 'GC' };
    default:
      return { ...entry, sl: entry.tp, tp: entry.sl };
  }
};

/** Buys what breaks out above its last three prices and sells what falls below them. No strategy to trade by. */
export const demoEntries = (prices: Prices, bar: number): readonly DemoEntry[] => {
  const place = bar % prices.length;
  if (place < lookBack || prices.isLast(bar)) return [];
  const price = prices.priceOf(bar);
  const before = Array.from({ length: lookBack }, (_, back) => prices.priceOf(bar - 1 - back));
  const direction = price > Math.max(...before) ? 'buy' : price < Math.min(...before) ? 'sell' : null;
  const entry = (side: 'buy' | 'sell', id: string): DemoEntry => ({
    id,
    symbol: prices.symbol,
    direction: side,
    quantity: 1 + (bar % 3),
    ...bracket(price, side),
  });
  const good = direction === null ? [] : [entry(direction, `${bar}`)];
  const bad = bar % faultyEvery === 0 ? [spoil(entry('buy', `${bar}-x`), bar / faultyEvery)] : [];
  return [...good, ...bad];
};
