import type { Shared } from './shared.ts';
import type { Watches } from './watches.ts';

/** Each round wakes an idle monitor, which beats and commands do by themselves: half of its cost at one in a second. */
const everyMs = 5000;
/** What a supervised bot prints is passed on with every round. */
const supervisedEveryMs = 1000;
/** The monitor says in the journal that it lives this often, in ms. */
const aliveEveryMs = 5000;

/** What is done every few seconds for all bots together. */
export const startUpkeep = (
  { sources, clock, journal, onWork }: Shared,
  watches: Watches,
  takeCommands: () => void,
) => {
  let aliveAt = Number.NEGATIVE_INFINITY;
  let cancel = () => {};
  const round = () => {
    sources.ensure();
    watches.keep();
    if (clock.now() - aliveAt >= aliveEveryMs) {
      aliveAt = clock.now();
      journal.alive(clock.wall());
    }
    takeCommands();
    for (const watch of watches.all()) watch.tick();
    onWork?.();
    const supervises = watches.all().some(({ options }) => options.supervise === true);
    cancel = clock.after(supervises ? supervisedEveryMs : everyMs, round);
  };
  round();
  return { stop: () => cancel() };
};
