import { localInstant, zoneOffset } from '../zoned-time.ts';
import type { Closure, Market } from './market.ts';
import { type MarketHours, type Minutes, readOpenMinutes } from './open-minutes.ts';

export type { MarketHours } from './open-minutes.ts';

/** What is wrong with market hours, in words; `null`: nothing. */
export const problemOfHours = (hours: MarketHours): string | null => {
  try {
    readMarketHours(hours);
    return null;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
};

const dayMs = 86_400_000;
const fortnightMs = 14 * dayMs;
/** Nothing is asked over more days than these: an age of a month is stale, whatever the hours. */
const mostDays = 40;

/**
 * Reads market hours.
 *
 * @throws RangeError with the reason, when a time, a day or the zone is none, and when they leave less than an hour a
 * week open: a dead bot would never be found.
 * @example
 * const nyse = readMarketHours({
 *   timeZone: 'America/New_York',
 *   weeklyClosures: [{ from: 'Fri 16:00', to: 'Mon 09:30' }],
 *   dailyBreak: { from: '16:00', to: '09:30' },
 *   holidays: ['2026-12-25'],
 *   earlyCloses: { '2026-11-27': '13:00' },
 * });
 * if (nyse.isOpen(Date.now())) look();
 */
export const readMarketHours = (hours: MarketHours): Market => {
  const openMinutes = readOpenMinutes(hours);
  const { timeZone } = hours;
  const dayOf = (at: number) => Math.floor((at + zoneOffset(at, timeZone)) / dayMs) * dayMs;
  const known = new Map<number, readonly Minutes[]>();
  dayOf(0);

  /** The open spans of a local day, as instants. */
  const spansOf = (day: number): readonly Minutes[] => {
    const kept = known.get(day);
    if (kept !== undefined) return kept;
    const instant = (minutes: number) => localInstant(day + minutes * 60_000, timeZone);
    const spans = openMinutes(day).map(({ from, to }) => ({ from: instant(from), to: instant(to) }));
    if (known.size > 4 * mostDays) known.clear();
    known.set(day, spans);
    return spans;
  };
  const spansFrom = function* (at: number): Generator<Minutes> {
    for (let day = dayOf(at), count = 0; count < mostDays; day += dayMs, count += 1)
      for (const { from, to } of spansOf(day)) if (to > at) yield { from: Math.max(at, from), to };
  };

  return {
    isOpen: (at) => spansOf(dayOf(at)).some(({ from, to }) => from <= at && at < to),
    openMs: (from, to) => {
      if (to - from > mostDays * dayMs) return to - from;
      let sum = 0;
      for (const span of spansFrom(from)) {
        if (span.from >= to) break;
        sum += Math.min(span.to, to) - span.from;
      }
      return sum;
    },
    untilOpenFor: (from, ms) => {
      let left = ms;
      for (const span of spansFrom(from)) {
        if (left <= span.to - span.from) return span.from + left - from;
        left -= span.to - span.from;
      }
      return mostDays * dayMs;
    },
    changesInMs: (at) => changesInMs(spansFrom(at), at),
    lastClosure: (at) => lastClosure(spansFrom(at - fortnightMs), at),
  };
};

/** In how many ms the market opens or closes. `null`: not within a fortnight. */
const changesInMs = (spans: Iterable<Minutes>, at: number): number | null => {
  let end: number | null = null;
  for (const span of spans) {
    // Spans that follow one another over midnight are one.
    if (end === null && span.from > at) return span.from - at;
    if (end !== null && span.from > end) return end - at;
    end = span.to;
    if (end - at > fortnightMs) return null;
  }
  return end === null ? null : end - at;
};

const lastClosure = (spans: Iterable<Minutes>, at: number): Closure | null => {
  let last: Closure | null = null;
  let end: number | null = null;
  for (const span of spans) {
    if (end !== null && span.from > end) {
      if (end > at) break;
      last = { from: end, to: span.from };
    }
    end = span.to;
  }
  // It does not open again as far as can be seen.
  return end !== null && end <= at ? { from: end, to: at + fortnightMs } : last;
};
