/** Where a journal and those who write to it take their time from. */
export type Clock = {
  /** ms since the epoch. */
  readonly now: () => number;
  /** ms that never jump. */
  readonly monotonic: () => number;
  /** Resolves after `ms`, or at once when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /**
   * Runs it after `ms`, or with 0 when this turn of the loop has ended. Gives what takes it back. Only the end of a turn
   * keeps the process alive.
   */
  readonly after: (ms: number, run: () => void) => () => void;
};

export const systemClock: Clock = {
  now: Date.now,
  // As `performance.now()`, which loads a dozen modules: a look at a bot does without them.
  monotonic: () => process.uptime() * 1000,
  sleep: (ms, signal) => {
    const { setTimeout: wait } = process.getBuiltinModule('node:timers/promises');
    return wait(ms, undefined, { signal }).catch((error) => {
      if (!signal.aborted) throw error;
    });
  },
  after: (ms, run) => {
    if (ms <= 0) {
      const turn = setImmediate(run);
      return () => clearImmediate(turn);
    }
    const timer = setTimeout(run, ms).unref();
    return () => clearTimeout(timer);
  },
};
