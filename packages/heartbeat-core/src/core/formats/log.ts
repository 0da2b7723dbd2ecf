import { normalStatus } from '../format.ts';
import { indicators } from '../indicators.ts';
import type { Reading } from '../reading.ts';
import { datesOf, instantOf, readTimestamp } from '../timestamp.ts';
import { timeOnly } from './epoch.ts';

/** A date and time at the beginning of a line, as logging libraries write it, in brackets or not. What follows is kept: ❌ says something. */
const dated =
  /^\W{0,3}(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|[+-]\d\d:?\d\d))?)[\s\])}>:;,|-]*/;
const failed = /\b(?:ERROR|CRITICAL|FATAL)\b/;
/** The level stands near the beginning of a line; further on the word is part of a message. */
const levelWithin = 100;

/** The last line that was written to its end: what has no line break yet may be half of one. */
const lastLine = (text: string): string => {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return (
    (whole.trim() === '' ? text : whole)
      .split('\n')
      .map((line) => line.trim())
      .findLast((line) => line !== '') ?? ''
  );
};

/**
 * The end of a log. The beat is dated as the last line says, and where it says nothing as the file was changed; it is never
 * younger than the file.
 */
export const parseLog = (text: string, mtimeMs: number, timeZone: string | undefined): Reading => {
  const line = lastLine(text.replace(/^\uFEFF/, ''));
  if (line === '') return { kind: 'corrupt', problem: { code: 'empty' } };
  const match = dated.exec(line);
  const written = match === null ? null : readTimestamp((match[1] ?? '').trim());
  const message = written === null ? line : line.slice(match?.[0].length ?? 0);
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
