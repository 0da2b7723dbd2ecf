import { inSeconds } from '@sentinel/heartbeat-core';
import { isLossSpent } from './daily-loss.ts';
import type { Signal } from './signal.ts';

export type Rules = {
  readonly symbols: readonly string[];
  readonly maxQuantity: number;
  readonly maxDailyTrades: number;
  /** What the closed positions of a day may lose, in the account's currency; `null`: no limit. */
  readonly maxDailyLoss: number | null;
  readonly maxOpenPositions: number;
  readonly maxSignalAgeMs: number;
};

export type Facts = {
  readonly now: number;
  /** When the bot first saw the signal: its age counts from here when it carries no time of its own. */
  readonly seenAt: number;
  readonly price: number | null;
  readonly marketOpen: boolean;
  readonly tradesToday: number;
  readonly openPositions: number;
  /** What the closed positions of the day have brought. */
  readonly profitToday: number;
};

export type Rejection =
  | { readonly code: 'symbol-not-allowed'; readonly symbol: string; readonly allowed: readonly string[] }
  | { readonly code: 'quantity-too-large'; readonly quantity: number; readonly max: number }
  | { readonly code: 'market-closed' }
  | { readonly code: 'too-old'; readonly ageMs: number; readonly maxAgeMs: number }
  | { readonly code: 'from-the-future'; readonly aheadMs: number }
  | { readonly code: 'no-price'; readonly symbol: string }
  | { readonly code: 'stop-on-wrong-side'; readonly stop: number; readonly price: number }
  | { readonly code: 'target-on-wrong-side'; readonly target: number; readonly price: number }
  | { readonly code: 'daily-limit'; readonly done: number; readonly max: number }
  | { readonly code: 'daily-loss'; readonly lost: number; readonly max: number }
  | { readonly code: 'too-many-positions'; readonly open: number; readonly max: number };

// Clocks of two machines differ a little; a signal dated further ahead was written by a wrong one.
const aheadToleranceMs = 60_000;

/** Why this signal must not be traded, or `null`. Every rule is a fact of the arguments: the same answer each time. */
export const rejectionOf = (signal: Signal, facts: Facts, rules: Rules): Rejection | null => {
  const { symbol, quantity, direction, tp, sl } = signal;
  const ageMs = facts.now - (signal.timestamp ?? facts.seenAt);
  const { price } = facts;
  if (!rules.symbols.includes(symbol)) return { code: 'symbol-not-allowed', symbol, allowed: rules.symbols };
  if (quantity > rules.maxQuantity) return { code: 'quantity-too-large', quantity, max: rules.maxQuantity };
  if (!facts.marketOpen) return { code: 'market-closed' };
  if (ageMs < -aheadToleranceMs) return { code: 'from-the-future', aheadMs: -ageMs };
  if (ageMs > rules.maxSignalAgeMs) return { code: 'too-old', ageMs, maxAgeMs: rules.maxSignalAgeMs };
  if (facts.tradesToday >= rules.maxDailyTrades)
    return { code: 'daily-limit', done: facts.tradesToday, max: rules.maxDailyTrades };
  const { maxDailyLoss } = rules;
  if (maxDailyLoss !== null && isLossSpent({ profitToday: facts.profitToday, maxDailyLoss }))
    return { code: 'daily-loss', lost: -facts.profitToday, max: maxDailyLoss };
  if (facts.openPositions >= rules.maxOpenPositions)
    return { code: 'too-many-positions', open: facts.openPositions, max: rules.maxOpenPositions };
  if (price === null) return { code: 'no-price', symbol };
  const up = direction === 'buy';
  if (up ? sl >= price : sl <= price) return { code: 'stop-on-wrong-side', stop: sl, price };
  if (up ? tp <= price : tp >= price) return { code: 'target-on-wrong-side', target: tp, price };
  return null;
};

/** The rejection in words, short enough for a status. */
export const explainRejection = (rejection: Rejection): string => {
  switch (rejection.code) {
    case 'symbol-not-allowed':
      return `${rejection.symbol} is not among the allowed symbols (${rejection.allowed.join(', ')})`;
    case 'quantity-too-large':
      return `quantity ${rejection.quantity} is above the limit of ${rejection.max}`;
    case 'market-closed':
      return 'the market is closed';
    case 'too-old':
      return `it is ${inSeconds(rejection.ageMs)} old, at most ${inSeconds(rejection.maxAgeMs)} are allowed`;
    case 'from-the-future':
      return `it is dated ${inSeconds(rejection.aheadMs)} ahead: check the clock of its sender`;
    case 'no-price':
      return `there is no price for ${rejection.symbol}`;
    case 'stop-on-wrong-side':
      return `the stop ${rejection.stop} is on the wrong side of the price ${rejection.price}`;
    case 'target-on-wrong-side':
      return `the target ${rejection.target} is on the wrong side of the price ${rejection.price}`;
    case 'daily-limit':
      return `${rejection.done} of ${rejection.max} trades are done today`;
    case 'daily-loss':
      return `${rejection.lost.toFixed(2)} are lost today, at most ${rejection.max} may be`;
    case 'too-many-positions':
      return `${rejection.open} positions are open, at most ${rejection.max} are allowed`;
  }
};
