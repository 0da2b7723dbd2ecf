/** Time as the monitor takes it. */
export type MonitorClock = {
  /** Wall clock, in ms since the epoch. */
  readonly wall: () => number;
  /** Milliseconds since the epoch that never jump while this process lives. */
  readonly now: () => number;
  /** Runs it after `ms`, and keeps the process alive until then. Gives what takes it back. */
  readonly after: (ms: number, run: () => void) => () => void;
};

/** The clock of this machine. */
export const monitorClock: MonitorClock = {
  wall: Date.now,
  now: () => performance.timeOrigin + performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
