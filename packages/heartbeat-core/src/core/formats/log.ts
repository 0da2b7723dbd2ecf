import { normalStatus } from '../format.ts';
import { indicators } from '../indicators.ts';
import type { Reading } from '../reading.ts';
import { datesOf, instantOf, readTimestamp } from '../timestamp.ts';
import { timeOnly } from './epoch.ts';

/** A date and time at the beginning of a line, as logging libraries write it, in brackets or not. What follows is kept: ❌ says something. */
const dated =
  /^\W{0,3}(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|[+-]\d\d:?\d\d))?)[\s\])}>:;,|-]*/;
const failed = /\b(?:ERROR|CRITICAL|FATAL)\b/;
/** Lines of one moment are written by then, in ms. */
const fixedMs = 60_000;
/** The level stands near the beginning of a line; further on the word is part of a message. */
const levelWithin = 100;

/** The lines that were written to their end: what has no line break yet may be half of one. */
const linesOf = (text: string): readonly string[] => {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return (whole.trim() === '' ? text : whole)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
};

const dateOf = (line: string): string | null => dated.exec(line)?.[1]?.trim() ?? null;

/** All lines have one date, and the file was written well after it: the date is of a day or of a start, and not of the line. */
const isFixed = (date: string, lines: readonly string[], lateMs: number): boolean =>
  lateMs > fixedMs && lines.length > 1 && lines.every((line) => [date, null].includes(dateOf(line)));

/**
 * The end of a log. The beat is dated as the last line says, and where it says nothing as the file was changed; it is never
 * younger than the file.
 */
export const parseLog = (text: string, mtimeMs: number, timeZone: string | undefined): Reading => {
  const lines = linesOf(text.replace(/^\uFEFF/, ''));
  const line = lines.at(-1);
  if (line === undefined) return { kind: 'corrupt', problem: { code: 'empty' } };
  const match = dated.exec(line);
  const date = match?.[1]?.trim() ?? '';
  const found = readTimestamp(date);
  const message = found === null ? line : line.slice(match?.[0].length ?? 0);
  const written = found !== null && isFixed(date, lines, mtimeMs - instantOf(found, timeZone)) ? null : found;
  const said = normalStatus(message === '' ? 'a line of the log' : message);
  const isFailure = failed.test(line.slice(0, levelWithin));
  return {
    kind: 'beat',
    record: {
      ...timeOnly(written === null ? Math.floor(mtimeMs) : instantOf(written, timeZone), ''),
      ...(written === null ? {} : datesOf(written, timeZone)),
      ...(isFailure ? normalStatus(`${indicators.error.emoji} ${said.message}`) : said),
    },
  };
};
