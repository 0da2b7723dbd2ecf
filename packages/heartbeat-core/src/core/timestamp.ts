import { localInstant, secondInstant } from './zoned-time.ts';

// `date '+%F %T %z'` puts a blank before an offset; nobody does so before a Z.
const tail = /^(?:[.,](\d{1,9}))?(?:(Z)| *([+-])(\d\d)(?::?(\d\d))?)?$/i;

const pad = (value: number, width = 2) => String(value).padStart(width, '0');

/**
 * Local time with microseconds and no offset, as Python's `datetime.now().isoformat()` writes it.
 * `at` is ms since the epoch; its fraction gives the microseconds.
 */
export const formatLocal = (at: number): string => {
  const date = new Date(at);
  const micros = Math.trunc((at - Math.floor(at)) * 1000);
  const day = `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  const time = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
  return `${day}T${time}.${pad(date.getMilliseconds(), 3)}${pad(micros, 3)}`;
};

/** The number in two digits of the text, or NaN. Every look at a file comes through here: no regex, no substrings. */
const two = (text: string, at: number): number => {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
};

const daysIn = (year: number, month: number): number => {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
};

/** `2023-06-15T14:30:45`, which may go on, as if it were UTC, in ms; NaN where it is no real time. */
const readSeconds = (text: string): number => {
  const dashes = text[4] === '-' && text[7] === '-' && text[13] === ':' && text[16] === ':';
  const separator = text[10];
  if (!dashes || (separator !== 'T' && separator !== ' ' && separator !== 't')) return Number.NaN;
  const month = two(text, 5);
  const day = two(text, 8);
  const hour = two(text, 11);
  const minute = two(text, 14);
  const second = two(text, 17);
  const year = two(text, 0) * 100 + two(text, 2);
  // Date.UTC takes a year below 100 for one of the last century, and rolls 30 February over into March.
  const real = year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  return real && hour <= 23 && minute <= 59 && second <= 59
    ? Date.UTC(year, month - 1, day, hour, minute, second)
    : Number.NaN;
};

/** A timestamp as it is written: what the clock showed (as if it were UTC, in ms), and how far ahead of UTC it says it is. */
type WrittenTime = { readonly wall: number; readonly offsetMs: number | null };

/** What a text says as a timestamp, or `null` where it is none (or no real date). */
export const readTimestamp = (text: string): WrittenTime | null => {
  const wholeSeconds = readSeconds(text);
  if (Number.isNaN(wholeSeconds)) return null;
  const match = tail.exec(text.slice(19));
  if (match === null) return null;
  const [, fraction, utc, sign, offsetHour, offsetMinute] = match;
  const millis = fraction === undefined ? 0 : Number(`${fraction}00`.slice(0, 3));
  const wall = wholeSeconds + millis;
  if (utc !== undefined) return { wall, offsetMs: 0 };
  if (sign === undefined) return { wall, offsetMs: null };
  const offset = Number(offsetHour) * 60 + Number(offsetMinute ?? 0);
  if (offset >= 24 * 60 || Number(offsetMinute ?? 0) > 59) return null;
  return { wall, offsetMs: (sign === '-' ? -offset : offset) * 60_000 };
};

/** The instant in whole ms since the epoch. A time that says no offset is in `timeZone`, or in this process' zone. */
export const instantOf = ({ wall, offsetMs }: WrittenTime, timeZone: string | undefined): number =>
  offsetMs === null ? localInstant(wall, timeZone) : wall - offsetMs;

/** When a beat was written, by a date with or without an offset: what a record says of it. */
export const datesOf = (
  written: WrittenTime,
  timeZone: string | undefined,
): { readonly updatedAt: number; readonly secondAt?: number } => {
  const updatedAt = instantOf(written, timeZone);
  const secondAt = written.offsetMs === null ? secondInstant(updatedAt, timeZone) : undefined;
  return secondAt === undefined ? { updatedAt } : { updatedAt, secondAt };
};

/** The instant of a text that has to say its offset, in whole ms since the epoch; `null` where it is none. */
export const parseInstant = (text: string): number | null => {
  const written = readTimestamp(text);
  return written === null || written.offsetMs === null ? null : written.wall - written.offsetMs;
};
