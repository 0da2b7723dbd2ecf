export type MonitorClock = {
  /** Wall clock, in ms since the epoch. */
  readonly wall: () => number;
  /** Milliseconds since the epoch that never jump while this process lives. */
  readonly now: () => number;
  /** Processor time that this process has used, in ms. While it stands still this does, too. */
  readonly usedMs: () => number;
  /** Runs it after `ms`, and keeps the process alive until then. Gives what takes it back. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** Resolves once every signal that this process was sent before the call is heard. */
  readonly heard: () => Promise<void>;
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
  heard: async () => {
    // Between two of these the loop asks the system what has come: timers and ends of processes are told before that.
    for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  },
};
