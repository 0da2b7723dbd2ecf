const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

const wholeSeconds = (ms: number): number => Math.max(0, Math.round(ms / 1000));

/** A length that is told beside its limit: `312 s`. From an hour on nobody counts seconds: `5 d 18 h`. */
export const inSeconds = (ms: number): string =>
  wholeSeconds(ms) < hour ? `${wholeSeconds(ms)} s` : inShort(ms);

/**
 * A length of time in its two largest units: `7 s`, `5 min 12 s`, `2 h 10 min`, `3 d 4 h`. Never negative.
 *
 * @example
 * console.log(`watched for ${inShort(7_800_000)}`); // watched for 2 h 10 min
 */
export const inShort = (ms: number): string => {
  const whole = wholeSeconds(ms);
  const pair = (size: number, unit: string, small: number, smallUnit: string) => {
    const rest = Math.floor((whole % size) / small);
    return `${Math.floor(whole / size)} ${unit}${rest === 0 ? '' : ` ${rest} ${smallUnit}`}`;
  };
  if (whole < minute) return `${whole} s`;
  if (whole < 10 * minute) return pair(minute, 'min', 1, 's');
  if (whole < hour) return `${Math.floor(whole / minute)} min`;
  return whole < day ? pair(hour, 'h', minute, 'min') : pair(day, 'd', hour, 'h');
};

const units = [
  ['day', day, Number.POSITIVE_INFINITY],
  ['hour', hour, 24],
  ['minute', minute, 60],
  ['second', 1, 60],
] as const;
/** Longer ones are no length of time, in seconds: a hundred years. */
const longest = 3_000_000_000;

/**
 * The same in words: `2 minutes 3 seconds`. Whole seconds are enough for people, and days are the longest unit: months differ
 * in length.
 *
 * @example
 * console.log(`It was not well for ${inWords(123_400)}`); // It was not well for 2 minutes 3 seconds
 */
export const inWords = (ms: number): string => {
  const whole = Number.isFinite(ms) ? Math.min(wholeSeconds(ms), longest) : 0;
  const parts = units.flatMap(([unit, size, most]) => {
    const count = Math.floor(whole / size) % most;
    return count === 0 ? [] : [`${count} ${unit}${count === 1 ? '' : 's'}`];
  });
  return parts.length === 0 ? 'less than a second' : parts.join(' ');
};

const two = (value: number) => String(value).padStart(2, '0');

/**
 * A running age as a clock shows it: `0:07`, `4:59`, `1:02:03`, `3 d 04:05`. Never negative.
 *
 * @example
 * console.log(asClock(3_723_000)); // 1:02:03
 */
export const asClock = (ms: number): string => {
  const whole = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, seconds] = [
    Math.floor(whole / hour),
    Math.floor(whole / minute) % 60,
    whole % minute,
  ];
  if (whole < hour) return `${minutes}:${two(seconds)}`;
  if (whole < day) return `${hours}:${two(minutes)}:${two(seconds)}`;
  return `${Math.floor(whole / day)} d ${two(hours % 24)}:${two(minutes)}`;
};
