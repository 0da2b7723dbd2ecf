import { setTimeout as delay } from 'node:timers/promises';
import { ofAbort } from './link.ts';

/** Time as an observer has it, in ms. */
export type FleetClock = {
  /** Of a clock that nobody sets. */
  readonly now: () => number;
  /** Since the epoch. */
  readonly wall: () => number;
  /** Runs it again and again. Gives what ends that. */
  readonly every: (ms: number, run: () => void) => () => void;
  /** Over as soon as the signal is aborted. No process lives on for it. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
};

export const systemClock: FleetClock = {
  now: () => performance.now(),
  wall: Date.now,
  every: (ms, run) => {
    const timer = setInterval(run, ms);
    return () => clearInterval(timer);
  },
  sleep: (ms, signal) =>
    delay(ms, undefined, { ref: false, ...(signal === undefined ? {} : { signal }) }).catch(ofAbort),
};
