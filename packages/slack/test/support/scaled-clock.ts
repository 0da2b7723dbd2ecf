import { setTimeout as wait } from 'node:timers/promises';
import { type Clock, systemClock } from '@sentinel/history';

/** A clock on which a second takes `secondMs` of real time. Every process that is given the same `epoch` sees the same time. */
export const scaledClock = (epoch: number, secondMs: number): Clock => {
  const scaled = (real: number) => epoch + ((real - epoch) * 1000) / secondMs;
  return {
    now: () => scaled(performance.timeOrigin + performance.now()),
    monotonic: () => scaled(performance.timeOrigin + performance.now()),
    sleep: (ms, signal) => wait((ms * secondMs) / 1000, undefined, { signal }).catch(() => undefined),
    after: (ms, run) => systemClock.after((ms * secondMs) / 1000, run),
  };
};
