import { healthStates, type Reading, type Seen } from '@sentinel/heartbeat-core';
import { doing, type Handler, isHeld, notify, silently } from './step.ts';

const quarterMs = 15 * 60_000;
const nearMs = 60_000;

/** What to set so that the clocks agree: zones differ by quarters of an hour, clocks by anything. */
const skewAdvice = (skewMs: number): string => {
  const off = Math.abs(skewMs) % quarterMs;
  const zone = Math.abs(skewMs) >= quarterMs - nearMs && Math.min(off, quarterMs - off) <= nearMs;
  return zone
    ? "The reason is a time zone: set the bot's TZ, or name its zone with --timezone"
    : 'Set the clocks of both machines by NTP (timedatectl set-ntp true)';
};

/** Clocks of bot and monitor that disagree: told once, and once more when they agree again. */
export const seeSkew: Handler = (state, seen, now, { remindMs }) => {
  const { skew } = state;
  const { bot, health } = seen;
  const [warning] = health.warnings;
  if (isHeld(state, seen)) return silently(state);
  if (warning === undefined) {
    // Only a beat that was seen to come says so: none in a file that is gone does, nor one of before this monitor began, nor one
    // that came while the clock here was set.
    const isShown = seen.reading === 'beat' && seen.compared;
    if (!skew.open || !isShown || !healthStates[health.state].holds) return silently(state);
    const text = 'its clock and the monitor’s agree again';
    return doing({ ...state, skew: { ...skew, open: false } }, [
      notify({ kind: 'custom', bot, severity: 'info', title: `${bot}: the clocks agree again`, text }),
    ]);
  }
  const isToldLately = skew.toldAt !== null && now - skew.toldAt < remindMs;
  if (skew.open || isToldLately) return silently(state);
  return doing({ ...state, skew: { open: true, toldAt: now } }, [
    notify({ kind: 'clock-skew', bot, aheadMs: warning.skewMs, detail: skewAdvice(warning.skewMs) }),
  ]);
};

/** Less than this is the time that a look takes, in ms. */
const leastMs = 1000;

/**
 * By how much the bot's clock is ahead, or behind (negative), in whole seconds and rounded up, so that it changes seldom and
 * no beat is taken for younger than it is.
 *
 * @param before what was known of it; it stays where this beat was not seen to come, and where the beat may only have been found
 *   later than it came: a clock that seems behind by no more than the time since the look before.
 * @param at the moment of the look that found the beat, and of the look before.
 */
export const offsetOf = (
  reading: Reading,
  seen: Seen | undefined,
  before: number | null,
  { now, wall, lookedAt }: { readonly now: number; readonly wall: number; readonly lookedAt: number },
): number | null => {
  if (reading.kind !== 'beat' || seen?.exact !== true) return before;
  const ahead = reading.record.updatedAt - (wall - (now - seen.since));
  const lateMs = (before ?? 0) - ahead;
  if (lateMs > leastMs && lateMs <= now - lookedAt) return before;
  if (Math.abs(ahead) < leastMs) return null;
  return before !== null && Math.abs(before - ahead) <= leastMs
    ? before
    : Math.ceil(ahead / leastMs) * leastMs;
};
