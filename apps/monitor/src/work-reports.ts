import type { BotView } from '@sentinel/monitor';

type Listener = { readonly worked: (views: readonly BotView[]) => void };

/** With ten thousand bots the monitor works all the time: nobody needs to hear of it more often, in ms. */
const leastMs = 500;
/** Where it takes long it is a hundredth of the time at most, but this often at least, in ms. */
const mostShare = 100;
const mostMs = 5000;

/** What is to be called after each piece of work: it tells the listeners, from time to time, how the bots are. */
export const reportWork = (listeners: readonly Listener[], views: () => readonly BotView[]): (() => void) => {
  let nextAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now < nextAt) return;
    const seen = views();
    for (const listener of listeners) listener.worked(seen);
    const told = performance.now();
    nextAt = now + Math.min(Math.max(leastMs, (told - now) * mostShare), mostMs);
  };
};
