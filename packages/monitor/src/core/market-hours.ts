import { localInstant, zoneOffset } from '@sentinel/heartbeat-core';

/**
 * When a market is open, as data: all that is not closed. Days and times are those of `timeZone`; a day is
 * `2026-12-25`, a time `16:00`, a moment of the week `Fri 16:00`.
 */
export type MarketHours = {
  /** An IANA time zone, such as `America/Chicago`. */
  readonly timeZone: string;
  /** Closed every week from one moment to another: `{ from: 'Fri 16:00', to: 'Sun 17:00' }`. */
  readonly weeklyClosures?: readonly { readonly from: string; readonly to: string }[];
  /** Closed every day; over midnight where `to` is the earlier: `{ from: '16:00', to: '17:00' }`. */
  readonly dailyBreak?: { readonly from: string; readonly to: string };
  /** Days that are closed as a whole. */
  readonly holidays?: readonly string[];
  /** Days that close early, each with the time: closed until the daily break ends, or until midnight. */
  readonly earlyCloses?: Readonly<Record<string, string>>;
};

/** A market's hours, ready to be asked. Instants are ms since the epoch, lengths are ms. */
export type Market = {
  readonly isOpen: (at: number) => boolean;
  /** For how long the market was open between two instants. */
  readonly openMs: (from: number, to: number) => number;
  /** How long it takes from an instant until the market has been open for `ms` more. */
  readonly untilOpenFor: (from: number, ms: number) => number;
  /** How long it takes until it opens or closes; `null`: not within a fortnight. */
  readonly changesInMs: (at: number) => number | null;
  /** The closure that holds at an instant, or else the last one before it; `null`: none within a fortnight. */
  readonly lastClosure: (at: number) => Closure | null;
};

/** The instants at which a market closes and opens again. */
export type Closure = { readonly from: number; readonly to: number };

type Minutes = { readonly from: number; readonly to: number };

const dayMinutes = 24 * 60;
const weekMinutes = 7 * dayMinutes;
const dayMs = 86_400_000;
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const fortnightMs = 14 * dayMs;
/** Nothing is asked over more days than these: an age of a month is stale, whatever the hours. */
const mostDays = 40;

const wrong = (field: string, expected: string, found: unknown): never => {
  throw new RangeError(`Expected market hours \`${field}\` to be ${expected}, got ${JSON.stringify(found)}`);
};

const minuteOf = (text: string, field: string): number => {
  const [, hour, minute] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(text) ?? [];
  const minutes = Number(hour) * 60 + Number(minute);
  return minutes <= dayMinutes ? minutes : wrong(field, 'a time such as 16:00', text);
};

const weekMinuteOf = (text: string, field: string): number => {
  const [, day = '', time = ''] = /^([A-Za-z]{3})[a-z]* (\S+)$/.exec(text) ?? [];
  const index = days.indexOf(day.toLowerCase());
  return index < 0
    ? wrong(field, 'a moment such as Fri 16:00', text)
    : index * dayMinutes + minuteOf(time, field);
};

const dateOf = (text: string, field: string): number => {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(at) ? wrong(field, 'a day such as 2026-12-25', text) : at;
};

/** One span of a cycle, cut in two where it goes over the end. */
const wrapped = ({ from, to }: Minutes, length: number): Minutes[] =>
  from < to
    ? [{ from, to }]
    : [
        { from, to: length },
        { from: 0, to },
      ];

/** What is left of the spans when another one is taken out of them. */
const without = (spans: readonly Minutes[], taken: Minutes): Minutes[] =>
  spans
    .flatMap(({ from, to }) => [
      { from, to: Math.min(to, taken.from) },
      { from: Math.max(from, taken.to), to },
    ])
    .filter(({ from, to }) => from < to);

/** The open minutes of each day, from the hours as they are written. */
const readHours = (hours: MarketHours) => {
  const { weeklyClosures = [], dailyBreak, holidays = [], earlyCloses = {} } = hours;
  const week = weeklyClosures.flatMap(({ from, to }, index) =>
    wrapped(
      {
        from: weekMinuteOf(from, `weeklyClosures[${index}].from`),
        to: weekMinuteOf(to, `weeklyClosures[${index}].to`),
      },
      weekMinutes,
    ),
  );
  const pause = dailyBreak && {
    from: minuteOf(dailyBreak.from, 'dailyBreak.from'),
    to: minuteOf(dailyBreak.to, 'dailyBreak.to'),
  };
  const breaks = pause === undefined ? [] : wrapped(pause, dayMinutes);
  const closed = new Set(holidays.map((day, index) => dateOf(day, `holidays[${index}]`)));
  const early = new Map(
    Object.entries(earlyCloses).map(([day, time]) => [
      dateOf(day, `earlyCloses.${day}`),
      minuteOf(time, `earlyCloses.${day}`),
    ]),
  );
  return (day: number): readonly Minutes[] => {
    if (closed.has(day)) return [];
    const start = new Date(day).getUTCDay() * dayMinutes;
    let open: Minutes[] = [{ from: 0, to: dayMinutes }];
    for (const { from, to } of week) open = without(open, { from: from - start, to: to - start });
    for (const one of breaks) open = without(open, one);
    const from = early.get(day);
    if (from === undefined) return open;
    return without(open, { from, to: pause !== undefined && pause.to > from ? pause.to : dayMinutes });
  };
};

/**
 * Reads market hours.
 *
 * @throws RangeError that names the field, when a time, a day or the zone is none.
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
  const openMinutes = readHours(hours);
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
    changesInMs: (at) => {
      let end: number | null = null;
      for (const span of spansFrom(at)) {
        // Spans that follow one another over midnight are one.
        if (end === null && span.from > at) return span.from - at;
        if (end !== null && span.from > end) return end - at;
        end = span.to;
        if (end - at > fortnightMs) return null;
      }
      return end === null ? null : end - at;
    },
    lastClosure: (at) => {
      let last: Closure | null = null;
      let end: number | null = null;
      for (const span of spansFrom(at - fortnightMs)) {
        if (end !== null && span.from > end) {
          if (end > at) break;
          last = { from: end, to: span.from };
        }
        end = span.to;
      }
      // It does not open again as far as can be seen.
      return end !== null && end <= at ? { from: end, to: at + fortnightMs } : last;
    },
  };
};
