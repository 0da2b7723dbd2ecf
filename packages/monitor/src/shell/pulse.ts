import type { MonitorClock } from './ports/clock.ts';

/** A timer that fires later than this by as much more shows that this process was frozen, in ms. */
const everyMs = 2000;
const lateMs = 1500;
/** What is looked at so soon after a standstill was to be looked at in it, in ms. */
const justNowMs = 1000;

/** Knows for how long this process did not run: it was frozen, or the machine slept. */
export const startPulse = (clock: MonitorClock) => {
  let beatAt = clock.now();
  /** The last standstill, and when it was over. */
  let frozen = { ms: 0, until: Number.NEGATIVE_INFINITY };
  const lateBy = () => clock.now() - beatAt - everyMs - lateMs;
  const beat = () => {
    // The looks that were due meanwhile are made after this timer, which was due before them.
    if (lateBy() > 0) frozen = { ms: lateBy(), until: clock.now() };
    beatAt = clock.now();
    cancel = clock.after(everyMs, beat);
  };
  let cancel = clock.after(everyMs, beat);
  return {
    /** For how long it did not run at all before this moment, in ms. */
    frozenMs: () => Math.max(0, lateBy(), clock.now() - frozen.until < justNowMs ? frozen.ms : 0),
    stop: () => cancel(),
  };
};
