import { daySetForward, lastingMs } from './clock-changes.ts';

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

/** A span of a day or of a week, in minutes. */
export type Minutes = { readonly from: number; readonly to: number };

const dayMinutes = 24 * 60;
const weekMinutes = 7 * dayMinutes;
const dayMs = 86_400_000;
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
/** Less than this open, in a week or between holidays in a fortnight, is a bot that nobody watches. */
const leastOpenMinutes = 60;
const fortnight = 14;
/** No clock is set by more than this: of hours that are longer enough is left, and nobody need look when that is. */
const mostSetMinutes = 120;
const isThin = (minutes: number): boolean => minutes < leastOpenMinutes + mostSetMinutes;

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

/** A span as it is written. From a moment to the same one is refused: some mean nothing by it, some the whole cycle. */
const spanOf = (
  written: { readonly from: string; readonly to: string },
  field: string,
  read: (text: string, field: string) => number,
): Minutes => {
  const span = { from: read(written.from, `${field}.from`), to: read(written.to, `${field}.to`) };
  return span.from === span.to
    ? wrong(field, 'a span whose `to` is not its `from`: that would be closed for ever', written)
    : span;
};

const dateIn = (day: number): string => new Date(day).toISOString().slice(0, 10);

const lengthOf = (spans: readonly Minutes[]): number =>
  spans.reduce((sum, { from, to }) => sum + to - from, 0);

/** The open minutes of a day, given as its midnight as if it were UTC, in ms. */
type OpenMinutes = (day: number) => readonly Minutes[];

/** Refuses hours with which a dead bot would never be found. */
const refuseClosed = (
  open: OpenMinutes,
  week: OpenMinutes,
  special: readonly number[],
  timeZone: string,
): void => {
  const daysFrom = (from: number, count: number) => Array.from({ length: count }, (_, n) => from + n * dayMs);
  const weekMinutesOpen = lengthOf(daysFrom(0, 7).flatMap(week));
  if (weekMinutesOpen < leastOpenMinutes)
    throw new RangeError(
      'Expected market hours that leave at least an hour a week open: with these the age of a heartbeat would never count',
    );
  const forward = isThin(weekMinutesOpen) ? daySetForward(week, timeZone, leastOpenMinutes * 60_000) : null;
  if (forward !== null)
    throw new RangeError(
      `Expected market hours that leave at least an hour a week open: the clocks of ${timeZone} are set forward within them, as on ${dateIn(forward)}`,
    );
  const closed = special.find((day) => {
    const days = daysFrom(day, fortnight);
    return (
      isThin(lengthOf(days.flatMap(open))) &&
      days.reduce((sum, each) => sum + lastingMs(each, open(each), timeZone), 0) < leastOpenMinutes * 60_000
    );
  });
  if (closed !== undefined)
    throw new RangeError(
      `Expected market hours with at least an hour open in every fortnight: the holidays and early closes from ${dateIn(closed)} leave less`,
    );
};

/**
 * The open minutes of each day, from the hours as they are written.
 *
 * @throws RangeError when a time or a day is none, or when the hours leave hardly anything open.
 */
export const readOpenMinutes = (hours: MarketHours): OpenMinutes => {
  const { weeklyClosures = [], dailyBreak, holidays = [], earlyCloses = {} } = hours;
  const closures = weeklyClosures.flatMap((closure, index) =>
    wrapped(spanOf(closure, `weeklyClosures[${index}]`, weekMinuteOf), weekMinutes),
  );
  const pause = dailyBreak && spanOf(dailyBreak, 'dailyBreak', minuteOf);
  const breaks = pause === undefined ? [] : wrapped(pause, dayMinutes);
  const closed = new Set(holidays.map((day, index) => dateOf(day, `holidays[${index}]`)));
  const early = new Map(
    Object.entries(earlyCloses).map(([day, time]) => [
      dateOf(day, `earlyCloses.${day}`),
      minuteOf(time, `earlyCloses.${day}`),
    ]),
  );
  const ofWeek: OpenMinutes = (day) => {
    const start = new Date(day).getUTCDay() * dayMinutes;
    let open: Minutes[] = [{ from: 0, to: dayMinutes }];
    for (const { from, to } of closures) open = without(open, { from: from - start, to: to - start });
    for (const one of breaks) open = without(open, one);
    return open;
  };
  const ofDay: OpenMinutes = (day) => {
    if (closed.has(day)) return [];
    const open = ofWeek(day);
    const from = early.get(day);
    if (from === undefined) return open;
    return without(open, { from, to: pause !== undefined && pause.to > from ? pause.to : dayMinutes });
  };
  refuseClosed(ofDay, ofWeek, [...closed, ...early.keys()], hours.timeZone);
  return ofDay;
};
