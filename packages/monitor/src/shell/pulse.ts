import type { MonitorClock } from './ports/clock.ts';

/** A timer that fires later than this by as much more shows that this process was frozen, in ms. */
const everyMs = 2000;
const lateMs = 1500;

/** Knows for how long this process did not run: it was frozen, or the machine slept. */
export const startPulse = (clock: MonitorClock) => {
  let beatAt = clock.now();
  const beat = () => {
    beatAt = clock.now();
    cancel = clock.after(everyMs, beat);
  };
  let cancel = clock.after(everyMs, beat);
  return {
    /** For how long it did not run at all before this moment, in ms. */
    frozenMs: () => Math.max(0, clock.now() - beatAt - everyMs - lateMs),
    stop: () => cancel(),
  };
};
