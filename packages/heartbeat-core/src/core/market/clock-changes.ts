import { localInstant, zoneOffset } from '../zoned-time.ts';
import type { Minutes } from './open-minutes.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;
const week = 7;
/** Years whose changes are known of every zone, now and for as long as rules hold. */
const from = Date.UTC(2024, 0, 1);
const to = Date.UTC(2038, 0, 1);

/** How long the open minutes of a day really last, in ms: on the day on which clocks are set, some are left out or come twice. */
export const lastingMs = (day: number, spans: readonly Minutes[], timeZone: string): number => {
  const instant = (minutes: number) => localInstant(day + minutes * minuteMs, timeZone);
  return spans.reduce((sum, span) => sum + Math.max(0, instant(span.to) - instant(span.from)), 0);
};

/**
 * The day on which the zone's clocks are set forward within open minutes, so that less than `leastMs` of a week is left;
 * `null`: there is none. A day is its midnight as if it were UTC, in ms.
 *
 * @param open the open minutes of each day, the same every week.
 */
export const daySetForward = (
  open: (day: number) => readonly Minutes[],
  timeZone: string,
  leastMs: number,
): number | null => {
  const written = (day: number) => open(day).reduce((sum, span) => sum + span.to - span.from, 0) * minuteMs;
  const days = Array.from({ length: week }, (_, n) => from + n * dayMs);
  const weekMs = days.reduce((sum, day) => sum + written(day), 0);
  let before = zoneOffset(from, timeZone);
  for (let at = from; at < to; at += week * dayMs) {
    const after = zoneOffset(at + week * dayMs, timeZone);
    // A change is at most a day away from the local days of its week.
    for (let day = at - dayMs; after > before && day <= at + week * dayMs; day += dayMs)
      if (weekMs - (written(day) - lastingMs(day, open(day), timeZone)) < leastMs) return day;
    before = after;
  }
  return null;
};
