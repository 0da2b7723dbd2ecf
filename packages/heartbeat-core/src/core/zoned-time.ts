const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
    return format;
  } catch (cause) {
    throw new RangeError(
      `Expected \`timeZone\` to be an IANA time zone such as "Europe/Berlin", got ${JSON.stringify(timeZone)}`,
      { cause },
    );
  }
};

/** @throws RangeError when it is not a time zone. */
export const checkZone = (timeZone: string | undefined): void => {
  if (timeZone !== undefined) formatOf(timeZone);
};

const minuteMs = 60_000;
/** Since then clocks were changed at whole minutes only. */
const wholeSince = Date.UTC(1973, 0);
/** The same few minutes are asked for with each look. */
const known = new Map<string, number>();
const mostKnown = 200;

/**
 * How far a time zone is ahead of UTC at an instant, in ms.
 *
 * @throws RangeError when it is not a time zone.
 */
export const zoneOffset = (instant: number, timeZone: string): number => {
  if (!(instant >= wholeSince)) return askOffset(instant, timeZone);
  const minute = `${timeZone} ${Math.floor(instant / minuteMs)}`;
  const found = known.get(minute) ?? askOffset(instant, timeZone);
  if (known.size > mostKnown) known.clear();
  known.set(minute, found);
  return found;
};

const askOffset = (instant: number, timeZone: string): number => {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(instant)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
};

/**
 * The instant at which clocks showed a wall time (given as if it were UTC, in ms). An hour that comes twice, in
 * autumn, is taken as the first of the two: an old beat must not pass for a fresh one. A time that is left out, in
 * spring, is read with the offset before it.
 *
 * @param timeZone an IANA time zone; `undefined`: that of this process.
 * @throws RangeError when it is not a time zone.
 */
export const localInstant = (wall: number, timeZone: string | undefined): number => {
  if (timeZone === undefined) {
    const w = new Date(wall);
    return new Date(
      w.getUTCFullYear(),
      w.getUTCMonth(),
      w.getUTCDate(),
      w.getUTCHours(),
      w.getUTCMinutes(),
      w.getUTCSeconds(),
      w.getUTCMilliseconds(),
    ).getTime();
  }
  const day = 24 * 60 * 60_000;
  const before = wall - zoneOffset(wall - day, timeZone);
  const after = wall - zoneOffset(wall + day, timeZone);
  const fits = (instant: number) => instant + zoneOffset(instant, timeZone) === wall;
  const candidates = [before, after].filter(fits);
  return candidates.length > 0 ? Math.min(...candidates) : before;
};

/** No clock is set by more than this, in ms. */
const longestShiftMs = 3 * 60 * 60_000;

/**
 * The second instant at which clocks showed what they showed at `first`, where that comes twice; `undefined`: it does not.
 *
 * @param first as {@link localInstant} gives it.
 */
export const secondInstant = (first: number, timeZone: string | undefined): number | undefined => {
  const offset = (at: number) =>
    timeZone === undefined ? -new Date(at).getTimezoneOffset() * minuteMs : zoneOffset(at, timeZone);
  const backMs = offset(first) - offset(first + longestShiftMs);
  return backMs > 0 && offset(first + backMs) === offset(first) - backMs ? first + backMs : undefined;
};
