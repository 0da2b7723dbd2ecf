import { durationWords, type PlainUnit, parseDuration, parseFormat } from '@sentinel/heartbeat-core';

type Range = { readonly above: number; readonly most: number; readonly whole: boolean };

/** What values of one kind are. Of a kind that has neither a range nor a test the file's schema says it. */
type Kind = {
  readonly expected: string;
  readonly range?: Range;
  /** The unit of a plain number, where it is a length of time. */
  readonly plain?: PlainUnit;
  readonly fits?: (text: string) => boolean;
};

const oneDay = 24 * 60 * 60;
const oneYear = 365 * 24 * 60;

/** Lengths of time have a unit (`90s`, `5m`), or are numbers, with fractions, in the unit that is named. */
const lengthOfTime = (unit: PlainUnit, most: number): Kind => ({
  expected: `${durationWords(unit)}; above 0 and up to ${most} ${unit}`,
  plain: unit,
  range: { above: 0, most, whole: false },
});

const isPattern = (text: string): boolean => {
  try {
    new RegExp(text);
    return text.trim() !== '';
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
};

const isZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return false;
  }
};

/** The exit codes of a list; `null`: it is none. */
export const codesOf = (text: string): readonly number[] | null => {
  const codes = text.split(',').map((code) => code.trim());
  return codes.every((code) => /^\d{1,3}$/.test(code) && Number(code) <= 255) ? codes.map(Number) : null;
};

const kinds = {
  minutes: lengthOfTime('minutes', oneYear),
  seconds: lengthOfTime('seconds', oneDay),
  count: { expected: 'a whole number from 1 to 1000', range: { above: 0, most: 1000, whole: true } },
  text: { expected: 'a text that is not empty', fits: (text) => text.trim() !== '' },
  url: {
    expected: 'an address that begins with https:// or http://',
    fits: (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
  },
  time: {
    expected: 'a time of the day such as 08:00',
    fits: (text) => /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(text),
  },
  moment: {
    expected: 'a moment of the week such as Mon 09:00',
    fits: (text) => /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:[01]\d|2[0-3]):[0-5]\d$/.test(text),
  },
  zone: { expected: 'a time zone such as Europe/Berlin', fits: isZone },
  format: {
    expected:
      'a format: sentinel, touch, epoch, iso, log, json, or json:time=/key with a JSON pointer for time, status, session, progress, pid, halted, needs_person or stopped',
    fits: (text) => parseFormat(text) !== null,
  },
  exposed: { expected: '`exposed`', fits: (text) => text === 'exposed' },
  switch: { expected: 'true or false' },
  market: { expected: 'market hours' },
  pattern: { expected: 'a regular expression such as heartbeat\\.py', fits: isPattern },
  codes: {
    expected: 'exit codes from 0 to 255, separated by commas',
    fits: (text) => codesOf(text) !== null,
  },
} satisfies Record<string, Kind>;

export type SettingKind = keyof typeof kinds;

const kindOf = (kind: SettingKind): Kind => kinds[kind];

/** Which numbers a kind takes; `undefined`: it is no number. */
export const rangeOf = (kind: SettingKind): Range | undefined => kindOf(kind).range;

export const expectationOf = (kind: SettingKind): string => kindOf(kind).expected;

/** The number that a text stands for: of a length of time in its plain unit. NaN: it is none. */
export const numberIn = (kind: SettingKind, text: string): number => {
  const { plain, range } = kindOf(kind);
  if (plain !== undefined) return parseDuration(text, plain) ?? Number.NaN;
  return range === undefined || text.trim() === '' ? Number.NaN : Number(text);
};

export const isLengthOfTime = (kind: SettingKind): boolean => kindOf(kind).plain !== undefined;

/** Whether a number fits. NaN never does. */
export const fitsNumber = (kind: SettingKind, value: number): boolean => {
  const range = rangeOf(kind);
  return (
    range !== undefined &&
    value > range.above &&
    value <= range.most &&
    (!range.whole || Number.isInteger(value))
  );
};

/** Whether a text fits; never where the kind is no text. */
export const fitsText = (kind: SettingKind, text: string): boolean => kindOf(kind).fits?.(text) === true;
