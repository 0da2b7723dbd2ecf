/** Two clocks of one moment: the wall's, which can be set, and one that only runs forward. Both in ms. */
export type Now = { readonly wall: number; readonly mono: number };

/**
 * How long ago `then` was, in ms. A monotonic clock may stand still while a laptop sleeps and a wall clock may
 * be set back: the longer answer is taken, since calling old news fresh is the worse mistake.
 */
export const elapsed = (then: Now, now: Now): number =>
  Math.max(0, now.mono - then.mono, now.wall - then.wall);

const two = (value: number) => String(value).padStart(2, '0');

export const zones = ['local', 'UTC'] as const;
export type Zone = (typeof zones)[number];

/** In which zone the page shows times of day. One page has one reader, who chooses it. */
let zone: Zone = 'local';
export const showIn = (chosen: Zone): void => {
  zone = chosen;
};

type Parts = { year: number; month: number; date: number; hour: number; minute: number; second: number };

const partsOf = (at: number): Parts => {
  const day = new Date(at);
  return zone === 'UTC'
    ? {
        year: day.getUTCFullYear(),
        month: day.getUTCMonth(),
        date: day.getUTCDate(),
        hour: day.getUTCHours(),
        minute: day.getUTCMinutes(),
        second: day.getUTCSeconds(),
      }
    : {
        year: day.getFullYear(),
        month: day.getMonth(),
        date: day.getDate(),
        hour: day.getHours(),
        minute: day.getMinutes(),
        second: day.getSeconds(),
      };
};

/** `14:30:45` in the zone that the reader has chosen. */
export const timeOfDay = (at: number): string => {
  const { hour, minute, second } = partsOf(at);
  return `${two(hour)}:${two(minute)}:${two(second)}`;
};

export const hourMinute = (at: number): string => timeOfDay(at).slice(0, 5);
export const hourOf = (at: number): number => partsOf(at).hour;
export const minuteOf = (at: number): number => partsOf(at).minute;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `22 Nov`. */
export const dayOf = (at: number): string => {
  const { date, month } = partsOf(at);
  return `${date} ${months[month]}`;
};

const isSameDay = (one: number, other: number): boolean =>
  dayOf(one) === dayOf(other) && partsOf(one).year === partsOf(other).year;

/** `14:30:45` today, `22 Nov 14:30` on any other day. */
export const moment = (at: number, now: number): string =>
  isSameDay(at, now) ? timeOfDay(at) : `${dayOf(at)} ${hourMinute(at)}`;

/** The same without seconds. */
export const shortMoment = (at: number, now: number): string =>
  isSameDay(at, now) ? hourMinute(at) : moment(at, now);

/** `2026-11-22` as `22 Nov`. */
export const dayName = (date: string): string => {
  const [, month, day] = date.split('-');
  return `${Number(day)} ${months[Number(month) - 1] ?? ''}`;
};
