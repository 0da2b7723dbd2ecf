import type { BotView } from '@sentinel/monitor';

/** Somebody who is told that the monitor worked. */
type Listener = { readonly worked: (views: readonly BotView[]) => void };

/** With ten thousand bots the monitor works all the time: nobody needs to hear of it more often, in ms. */
const leastMs = 500;

/** What is to be called after each piece of work: it tells the listeners, from time to time, how the bots are. */
export const reportWork = (listeners: readonly Listener[], views: () => readonly BotView[]): (() => void) => {
  let toldAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now - toldAt < leastMs) return;
    toldAt = now;
    const seen = views();
    for (const { worked } of listeners) worked(seen);
  };
};
