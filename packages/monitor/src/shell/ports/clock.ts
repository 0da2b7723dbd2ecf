/** Time as the monitor takes it. */
export type MonitorClock = {
  /** Wall clock, in ms since the epoch. */
  readonly wall: () => number;
  /** Milliseconds since the epoch that never jump while this process lives. */
  readonly now: () => number;
  /** Processor time that this process has used, in ms. While it stands still this does, too. */
  readonly usedMs: () => number;
  /** Runs it after `ms`, and keeps the process alive until then. Gives what takes it back. */
  readonly after: (ms: number, run: () => void) => () => void;
};

export const monitorClock: MonitorClock = {
  wall: Date.now,
  now: () => performance.timeOrigin + performance.now(),
  usedMs: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
