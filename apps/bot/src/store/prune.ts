import type { PaperBroker } from '../broker/paper-broker.ts';
import { dayOf } from '../core/market-hours.ts';
import type { Memory } from './memory.ts';

type PruneOptions = {
  readonly memory: Memory;
  readonly paper: Pick<PaperBroker, 'account' | 'prune'>;
  readonly timeZone: string;
};

const day = 24 * 60 * 60 * 1000;
const keepSignalsMs = 90 * day;
const keepBooksMs = 2 * 365 * day;

/** Lets go of what is too old to matter: signals after 90 days without a trace of them, orders and results after two years. */
export const createPrune =
  ({ memory, paper, timeZone }: PruneOptions) =>
  (now: number): void => {
    memory.signals.forget(now - keepSignalsMs);
    memory.firstSeen.forget(now - keepSignalsMs);
    const before = now - keepBooksMs;
    memory.orders.prune(before);
    memory.results.prune(dayOf(before, timeZone));
    // As long as it is not known what became of an order, the broker must be able to tell.
    if (memory.orders.inHand().length === 0) paper.prune(before, memory.results.last(paper.account));
  };
