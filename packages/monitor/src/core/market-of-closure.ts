import type { Closure, Market } from './market-hours.ts';

/** Market hours leave no longer closure. */
const longestMs = 21 * 24 * 60 * 60_000;

/**
 * A market of which one closure is known, the last: what a monitor leaves in its journal. A beat from before the
 * closure before that one only looks older than it is. A closure that no market hours leave is none.
 */
export const marketOfClosure = (closure: Closure): Market => {
  const { from } = closure;
  const to = closure.to - from > longestMs ? from : closure.to;
  const isOpen = (at: number) => at < from || at >= to;
  return {
    isOpen,
    openMs: (since, until) => until - since - Math.max(0, Math.min(until, to) - Math.max(since, from)),
    untilOpenFor: (at, ms) => (isOpen(at) ? ms : to - at + ms),
    changesInMs: (at) => (isOpen(at) ? null : to - at),
    lastClosure: () => closure,
  };
};
