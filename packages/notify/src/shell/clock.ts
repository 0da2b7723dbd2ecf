import { setTimeout as wait } from 'node:timers/promises';

/** Where the delivery takes its time from. */
export type Clock = {
  /** ms since the epoch. */
  readonly now: () => number;
  /** ms that never jump. */
  readonly monotonic: () => number;
  /** Resolves after `ms`, or at once when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
};

export const systemClock: Clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    wait(ms, undefined, { signal }).catch((error) => {
      if (!signal.aborted) throw error;
    }),
};
