/** Time as the monitor sees it; tests pass one that they move themselves. */
export type MonitorClock = {
  /** Wall clock, in ms since the epoch. */
  readonly wall: () => number;
  /** Milliseconds since the epoch that never jump while this process lives. */
  readonly now: () => number;
};

export const steadyClock: MonitorClock = {
  wall: Date.now,
  now: () => performance.timeOrigin + performance.now(),
};
