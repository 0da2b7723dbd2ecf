/** A monitor says every five seconds that it lives; one that has not for this long is not known to watch, in ms. */
const monitorSilenceMs = 20_000;
/** How far ahead of this clock that of the monitor may be, in ms. */
const clockToleranceMs = 60_000;

/**
 * Whether the monitor that wrote this watches now: it said so a moment ago, and that was not its end. An instant that lies
 * far ahead was written by a clock that has been set back: it says nothing of now.
 *
 * @param now ms since the epoch.
 * @example
 * const seenAt = Date.now() - 45_000;
 * if (!isMonitorAlive({ seenAt, ended: false }, Date.now())) console.warn('no monitor watches');
 */
export const isMonitorAlive = (
  { seenAt, ended }: { readonly seenAt: number | null; readonly ended: boolean },
  now: number,
): boolean =>
  !ended && seenAt !== null && now - seenAt <= monitorSilenceMs && seenAt - now <= clockToleranceMs;
