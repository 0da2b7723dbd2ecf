import type { MonitorClock } from './ports/clock.ts';

/** A timer that fires later than this by as much more shows that this process was frozen, in ms. */
const everyMs = 2000;
const lateMs = 1500;
/** A look may be late by so much, in ms: no less than a pulse is apart, within which nothing shows that this process ran. */
const lateLookMs = everyMs;
/** What is looked at so soon after a standstill was to be looked at in it, in ms. */
const justNowMs = 1000;

/**
 * Knows for how long this process did not run: it was frozen, or the machine slept. Time in which it worked is no
 * standstill, however late that made it: ten thousand bots that die at once take seconds, and none of them is given time
 * for that.
 */
export const startPulse = (clock: MonitorClock) => {
  let last = { at: clock.now(), usedMs: clock.usedMs() };
  /** The last standstill, and when it was over. */
  let frozen = { ms: 0, until: Number.NEGATIVE_INFINITY };
  /** Until the last pulse it ran; since then it did for as long as it used a processor. */
  const idleSince = (at: number) => {
    const pastMs = clock.now() - Math.max(at, last.at);
    // As a rule nothing is late, and the system is not asked.
    return pastMs <= 0 ? pastMs : pastMs - (clock.usedMs() - last.usedMs);
  };
  const idleMs = () => idleSince(last.at + everyMs) - lateMs;
  const beat = () => {
    // The looks that were due meanwhile are made after this timer, which was due before them.
    if (idleMs() > 0) frozen = { ms: idleMs(), until: clock.now() };
    last = { at: clock.now(), usedMs: clock.usedMs() };
    cancel = clock.after(everyMs, beat);
  };
  let cancel = clock.after(everyMs, beat);
  return {
    /** For how long it did not run at all before this moment, in ms. */
    frozenMs: () => Math.max(0, idleMs(), clock.now() - frozen.until < justNowMs ? frozen.ms : 0),
    /** By how much what was due then is late since it did not run, in ms; 0 and less: that is not why. */
    lateBy: (due: number) => idleSince(due) - lateLookMs,
    /** What this process has done until now was one piece of work, however long it waited for a processor in it. */
    worked: () => {
      last = { at: clock.now(), usedMs: clock.usedMs() };
    },
    stop: () => cancel(),
  };
};
