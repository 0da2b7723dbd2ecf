import { type Costs, exitOf, fillPrice, profitOf } from '../core/fill.ts';
import { transaction } from '../store/database.ts';
import type { Broker, Order, Placed } from './broker.ts';
import { openPaperAccount } from './paper-account.ts';
import { type Prices, replayPrices } from './prices.ts';

type PaperOptions = {
  /** The SQLite file of the account. */
  readonly file: string;
  readonly symbol: string;
  /** What one point of price is worth for one contract. */
  readonly multiplier: number;
  readonly series: readonly number[];
  /** How long one recorded price lasts. */
  readonly barMs: number;
  readonly costs: Costs;
  readonly now: () => number;
};

export type PaperBroker = Broker & {
  readonly prices: Prices;
  /** Profit of all closed positions so far. */
  readonly profit: () => number;
  /**
   * Lets go of orders and closed positions from before: of the latter those up to number `reported`. What is open stays
   * with its order, and the profit of all counts on.
   */
  readonly prune: (before: number, reported: number) => void;
  readonly close: () => void;
};

/** When bar 0 began. At another speed than last time the series goes on at its present bar. */
const startOf = (account: ReturnType<typeof openPaperAccount>, barMs: number, now: number): number => {
  const before = account.number('startedAt') ?? now;
  const bar = Math.max(0, Math.floor((now - before) / (account.number('barMs') ?? barMs)));
  const startedAt = account.number('barMs') === barMs ? before : now - bar * barMs;
  account.setNumber('startedAt', startedAt);
  account.setNumber('barMs', barMs);
  return startedAt;
};

type Market = Pick<PaperOptions, 'barMs' | 'costs' | 'multiplier' | 'now'> & {
  readonly account: ReturnType<typeof openPaperAccount>;
  readonly prices: Prices;
  readonly startedAt: number;
};

const settleBar = ({ account, prices, costs, multiplier, now, barMs, startedAt }: Market, bar: number) => {
  const price = prices.priceOf(bar);
  // The moment of the bar, which may long be past: the position did not stay open while nothing ran.
  const at = Math.min(now(), startedAt + bar * barMs);
  for (const position of account.positions()) {
    const end = prices.isLast(bar) ? { why: 'series-end' as const, price } : null;
    const exit = exitOf(position, price, costs) ?? end;
    if (exit === null) continue;
    const fees = position.fee + costs.feePerContract * position.quantity;
    account.close(position, exit, profitOf(position, exit.price, multiplier, fees), at);
  }
};

/** Bar by bar, also those that passed while nothing ran: a stop that was touched then has been hit. */
const settle = (market: Market) => {
  const { account } = market;
  const bar = market.prices.barAt(market.now());
  const settled = account.number('settledBar') ?? bar - 1;
  if (bar <= settled) return;
  transaction(account.database, () => {
    for (let at = settled + 1; at <= bar && account.positions().length > 0; at += 1) settleBar(market, at);
    account.setNumber('settledBar', bar);
  });
};

const execute = ({ prices, costs, now }: Market, order: Order): Placed => {
  if (order.symbol !== prices.symbol)
    return { kind: 'rejected', reason: `${order.symbol} is not traded on the paper account` };
  const bar = prices.barAt(now());
  if (prices.isLast(bar)) return { kind: 'rejected', reason: 'the recorded session is closing' };
  const price = fillPrice(order.side, prices.priceOf(bar), costs);
  return { kind: 'filled', price, fee: costs.feePerContract * order.quantity };
};

/** Fills orders from recorded prices with slippage and fees. All of its state is on disk: it may stop at any moment. */
export const createPaperBroker = (options: PaperOptions): PaperBroker => {
  const { now } = options;
  const account = openPaperAccount(options.file);
  const startedAt = startOf(account, options.barMs, now());
  const prices = replayPrices({ ...options, startedAt });
  const market = { ...options, account, prices, startedAt };
  const place = (order: Order): Placed =>
    transaction(account.database, () => {
      const known = account.outcomeOf(order.id);
      if (known !== null) return known;
      const outcome = execute(market, order);
      account.record(order, outcome, now());
      return outcome;
    });

  return {
    prices,
    account: 'paper',
    inFlightMs: 0,
    price: async (symbol) => (symbol === prices.symbol ? prices.priceOf(prices.barAt(now())) : null),
    place: async (order) => {
      settle(market);
      return place(order);
    },
    find: async (orderId) => account.outcomeOf(orderId),
    openPositions: async () => {
      settle(market);
      return account.positions().length;
    },
    positions: async () => {
      settle(market);
      return account
        .positions()
        .map(({ symbol, side, quantity }) => ({ symbol, side, quantity, hasStop: true }));
    },
    closedAfter: async (seq) => {
      settle(market);
      return account.closedAfter(seq);
    },
    profit: account.profit,
    prune: account.prune,
    close: () => account.database.close(),
  };
};
