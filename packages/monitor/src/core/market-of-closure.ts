import type { Closure, Market } from './market-hours.ts';

/**
 * A market of which one closure is known, the last: what a monitor leaves in its journal. A beat from before the
 * closure before that one only looks older than it is.
 */
export const marketOfClosure = (closure: Closure): Market => {
  const { from, to } = closure;
  const isOpen = (at: number) => at < from || at >= to;
  return {
    isOpen,
    openMs: (since, until) => until - since - Math.max(0, Math.min(until, to) - Math.max(since, from)),
    untilOpenFor: (at, ms) => (isOpen(at) ? ms : to - at + ms),
    changesInMs: (at) => (isOpen(at) ? null : to - at),
    lastClosure: () => closure,
  };
};
