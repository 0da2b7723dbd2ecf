import type { Now } from '../core/clock.ts';

export const readClock = (): Now => ({ wall: Date.now(), mono: performance.now() });

/** Calls `tick` at each full second of the wall clock until aborted. */
export const everySecond = (tick: (now: Now) => void, signal: AbortSignal): void => {
  let timer: ReturnType<typeof setTimeout>;
  const next = () => {
    timer = setTimeout(next, 1000 - (Date.now() % 1000) + 5);
    tick(readClock());
  };
  next();
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
};
