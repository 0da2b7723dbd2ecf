const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const plainMs = { seconds: unitMs.s, minutes: unitMs.m } as const;

/** What a number without a unit counts. */
export type PlainUnit = keyof typeof plainMs;

/** A length of time with its units, such as `90s`, `1.5h` or `1h30m`: what a config file takes as text. */
export const durationPattern = /^\s*(?:\d+(?:\.\d+)?\s*[smhd]\s*)+$/;

/**
 * A length of time as people write it, in the unit that plain numbers of its setting have: `90s`, `5m`, `2h`, `1d`, `1h30m`, or a
 * plain number. `null`: it is no length of time. Zero and less are none.
 *
 * @param plain the unit of a plain number, and of the result.
 * @example
 * console.log(parseDuration('90s', 'minutes'), parseDuration('5', 'minutes')); // 1.5 5
 */
export const parseDuration = (text: string, plain: PlainUnit): number | null => {
  const given = text.trim();
  if (given === '') return null;
  // A plain number is what it always was: 1e3 and .5 are some.
  const number = Number(given);
  const value = Number.isNaN(number) ? inUnits(given) / plainMs[plain] : number;
  return value > 0 && Number.isFinite(value) ? value : null;
};

const inUnits = (text: string): number =>
  durationPattern.test(text)
    ? [...text.matchAll(/(\d+(?:\.\d+)?)\s*([smhd])/g)].reduce(
        (sum, [, number, unit]) => sum + Number(number) * unitMs[unit as keyof typeof unitMs],
        0,
      )
    : Number.NaN;

/** What is expected of a length of time, in words. */
export const durationWords = (plain: PlainUnit): string =>
  `${plain} as a plain number, or with a unit: 90s, 5m, 2h, 1d`;
