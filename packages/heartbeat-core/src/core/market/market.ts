/** When a beat is asked for at all. Instants are ms since the epoch, lengths are ms. */
export type Market = {
  readonly isOpen: (at: number) => boolean;
  /** For how long the market was open between two instants. */
  readonly openMs: (from: number, to: number) => number;
  /** How long it takes from an instant until the market has been open for `ms` more. */
  readonly untilOpenFor: (from: number, ms: number) => number;
  /** How long it takes until it opens or closes; `null`: not as far as can be seen. */
  readonly changesInMs: (at: number) => number | null;
  /** The closure that holds at an instant, or else the last one before it; `null`: none as far as can be seen. */
  readonly lastClosure: (at: number) => Closure | null;
};

/** The instants at which a market closes and opens again. */
export type Closure = { readonly from: number; readonly to: number };

/** A market that never closes: what holds where no hours are given. */
export const alwaysOpen: Market = {
  isOpen: () => true,
  openMs: (from, to) => to - from,
  untilOpenFor: (_from, ms) => ms,
  changesInMs: () => null,
  lastClosure: () => null,
};

/** Market hours leave no longer closure: one that is longer would let a dead bot look well for as long. */
const longestMs = 21 * 24 * 60 * 60_000;

/**
 * A market of which one closure is known, the last: what a monitor leaves in its journal for whoever else judges its bot.
 * A beat from before the closure before that one only looks older than it is. A closure that no market hours leave is none.
 *
 * @example
 * const weekend = { from: Date.UTC(2026, 10, 20, 22), to: Date.UTC(2026, 10, 22, 23) };
 * const health = judge(reading, null, policy, marketOfClosure(weekend), Date.now());
 */
export const marketOfClosure = (closure: Closure | null): Market => {
  if (closure === null || !(closure.from < closure.to && closure.to - closure.from <= longestMs))
    return alwaysOpen;
  const { from, to } = closure;
  const isOpen = (at: number) => at < from || at >= to;
  return {
    isOpen,
    openMs: (since, until) => until - since - Math.max(0, Math.min(until, to) - Math.max(since, from)),
    untilOpenFor: (at, ms) => (at + ms <= from || at >= to ? ms : ms + to - Math.max(at, from)),
    changesInMs: (at) => (at >= to ? null : (at < from ? from : to) - at),
    lastClosure: (at) => (at < from ? null : closure),
  };
};
