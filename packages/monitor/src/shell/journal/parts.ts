import type { Store } from '@sentinel/history';
import type { Beginning } from './before.ts';
import type { Newest } from './newest.ts';

export type Parts = {
  readonly store: Store;
  /** A name of this monitor that its next start has too. */
  readonly monitor: string;
  readonly newest: Newest;
  readonly beginning: Beginning;
  /** Wall clock, in ms since the epoch. */
  readonly wall: () => number;
};

/** What was seen waits this long for more of it, in ms: ten thousand bots are one transaction. It may be lost. */
export const gatherMs = 1000;
