/** A monitor says every five seconds that it lives; one that has not for this long is not known to watch, in ms. */
export const monitorSilenceMs = 30_000;
/** How far ahead of this clock that of the monitor may be, in ms. */
const clockToleranceMs = 60_000;

/**
 * Whether a monitor that was last there at `seenAt` watches now. An instant that lies far ahead was written by a clock that
 * has been set back: it says nothing of now.
 *
 * @param seenAt ms since the epoch; `null`: never.
 * @param ended that was its end, on purpose.
 * @example
 * const aliveAt = Date.now() - 45_000;
 * if (!isMonitorAlive(aliveAt, Date.now())) console.warn('no monitor watches');
 */
export const isMonitorAlive = (seenAt: number | null, now: number, ended = false): boolean =>
  !ended && seenAt !== null && now - seenAt <= monitorSilenceMs && seenAt - now <= clockToleranceMs;
