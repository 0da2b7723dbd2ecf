import { excerpt } from './describe.ts';
import { normalStatus } from './format.ts';
import { type Details, parseDetails } from './parse-details.ts';
import type { Problem } from './problem.ts';
import type { Reading } from './reading.ts';
import { datesOf, readTimestamp } from './timestamp.ts';

export type ParseOptions = {
  /**
   * IANA name of the zone of line 2, for writers that give no instant in line 3 and run in another zone.
   * @default the time zone of this process
   */
  readonly timeZone?: string | undefined;
};

export const corrupt = (problem: Problem): Reading => ({ kind: 'corrupt', problem });

/** Line 1, line 2 and what follows, of a text with any line breaks. Every look comes through here: no array is made. */
const splitLines = (text: string) => {
  const unmarked = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const content = unmarked.includes('\r') ? unmarked.replace(/\r\n?/g, '\n') : unmarked;
  const firstEnd = endOfLine(content, 0);
  const secondEnd = endOfLine(content, firstEnd + 1);
  return {
    first: content.slice(0, firstEnd),
    second: content.slice(firstEnd + 1, secondEnd),
    rest: content.slice(secondEnd + 1),
  };
};

const oneLine = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');

/**
 * A status of several lines, as an exception's text makes one: the first timestamp below it with the JSON behind it ends
 * it. `null` where there is none: a file that was cut off is no status.
 */
const joinStatus = (text: string): ReturnType<typeof splitLines> | null => {
  const content = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  /** A timestamp with nothing but blank lines below it so far. Each line is looked at once: a file may be all line breaks. */
  let stamp: { readonly at: number; readonly end: number } | null = null;
  for (let at = endOfLine(content, 0) + 1; at > 0 && at < content.length; ) {
    const end = endOfLine(content, at);
    const line = content.slice(at, end).trim();
    if (stamp !== null && line.startsWith('{'))
      return {
        first: oneLine(content.slice(0, stamp.at)),
        second: content.slice(stamp.at, stamp.end),
        rest: content.slice(stamp.end + 1),
      };
    if (line !== '') stamp = readTimestamp(line) === null ? null : { at, end };
    at = end + 1;
  }
  return null;
};

/** The file may be a link to somebody's secrets: of a line that is no timestamp only what looks like a date is quoted. */
export const timeLike = (line: string): string | null =>
  /^[\dTZtz:.,/+ -]{1,40}$/.test(line) ? excerpt(line) : null;

const endOfLine = (text: string, from: number): number => {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
};

/**
 * Parses the text of a status file. Two-line files, CRLF, a byte-order mark, plain-text tags, JSON over several lines
 * and a status of several lines with timestamp and JSON behind it are taken; anything else is a reading of kind `corrupt` with the reason. Bad text never throws.
 *
 * A file without line 3 says nothing about the session, so `sessionActive` is false: a status such as "Login
 * successful" tells of a moment, and does not keep a session alive.
 *
 * @throws RangeError when `timeZone` is needed (line 3 gives no instant) and is not a time zone: that is a mistake of
 * the caller, not of the file.
 * @example
 * const reading = parseStatusFile('✅ Login successful\n2023-06-15T14:30:45.123456\n{"session_active": true}');
 * if (reading.kind === 'beat') reading.record.sessionActive; // true
 */
export const parseStatusFile = (text: string, { timeZone }: ParseOptions = {}): Reading => {
  if (text.includes('\0')) return corrupt({ code: 'has-nul' });
  const plain = splitLines(text);
  if (text.trim() === '') return corrupt({ code: 'empty' });
  const isPlain = readTimestamp(plain.second.trim()) !== null;
  // A file whose first line is empty has no status, whatever stands below.
  const isJoined = !isPlain && plain.first.trim() !== '';
  const { first, second, rest } = (isJoined ? joinStatus(text) : null) ?? plain;
  const said = normalStatus(first);
  if (said.message === '' && said.indicator === null) return corrupt({ code: 'no-status' });
  const timestamp = second.trim();
  if (timestamp === '') return corrupt({ code: 'no-timestamp' });
  const written = readTimestamp(timestamp);
  if (written === null) return corrupt({ code: 'bad-timestamp', found: timeLike(timestamp) });
  const json = rest.trim();
  const details: Details | Problem =
    json === '' ? { sessionActive: false, stopped: false, bare: true } : parseDetails(json);
  if ('code' in details) return corrupt(details);
  // Of an indicator that says nothing more the space is left out. Asking the time zone is half the work of a look, and line 3
  // mostly says the instant.
  return {
    kind: 'beat',
    record: {
      ...said,
      status: said.status.trimEnd(),
      timestamp,
      ...details,
      ...(details.updatedAt === undefined ? datesOf(written, timeZone) : { updatedAt: details.updatedAt }),
    },
  };
};
