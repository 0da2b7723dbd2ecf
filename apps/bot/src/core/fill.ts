export type Side = 'buy' | 'sell';

export type Costs = {
  /** How far the fill is worse than the price, in hundredths of a percent. */
  readonly slippageBps: number;
  /** Per contract and side, in the account's currency. */
  readonly feePerContract: number;
};

const cents = (amount: number) => Math.round(amount * 100) / 100;

/** The price at which a market order fills: always on the worse side. */
export const fillPrice = (side: Side, price: number, { slippageBps }: Costs): number =>
  cents(price * (1 + ((side === 'buy' ? 1 : -1) * slippageBps) / 10_000));

export type Bracket = {
  readonly side: Side;
  readonly quantity: number;
  readonly entry: number;
  readonly target: number;
  readonly stop: number;
};

export type Exit = { readonly why: 'target' | 'stop' | 'series-end'; readonly price: number };

/** Whether a price takes a position out. A stop fills where the market is, also beyond the stop; a target at its price. */
export const exitOf = ({ side, target, stop }: Bracket, price: number, costs: Costs): Exit | null => {
  const long = side === 'buy';
  const out = fillPrice(long ? 'sell' : 'buy', price, costs);
  if (long ? price <= stop : price >= stop) return { why: 'stop', price: out };
  if (long ? price >= target : price <= target) return { why: 'target', price: target };
  return null;
};

/** Profit of a closed position in the account's currency, after the fees of both sides. */
export const profitOf = (
  { side, quantity, entry }: Bracket,
  exit: number,
  multiplier: number,
  fees: number,
): number => cents((side === 'buy' ? exit - entry : entry - exit) * quantity * multiplier - fees);
