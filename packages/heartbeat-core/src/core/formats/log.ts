import { normalStatus } from '../format.ts';
import { indicators } from '../indicators.ts';
import { parseJsonObject } from '../parse-json.ts';
import type { Reading } from '../reading.ts';
import { datesOf, instantOf, readTimestamp } from '../timestamp.ts';
import { isCutOff } from './bad-words.ts';
import { timeOnly } from './epoch.ts';
import { saidInLine } from './json.ts';
import { reasonsInLine } from './said-facts.ts';

/** A date and time at the beginning of a line, as logging libraries write it, in brackets or not. What follows is kept: ❌ says something. */
const dated =
  /^\W{0,3}(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|[+-]\d\d:?\d\d))?)[\s\])}>:;,|-]*/;
/** The level as libraries write it: in upper case, or where only a level is. */
const level = /\b(?:ERR|ERROR|CRIT|CRITICAL|FATAL|FTL|SEVERE|EMERG)\b|^[EF]\d{4} \d\d:/;
const levelInPlace =
  /\b(?:level|levelname|lvl|severity)\s*[=:]\s*["']?(?:err(?:or)?|crit(?:ical)?|fatal|panic)\b|[[(<](?:err(?:or)?|crit(?:ical)?|fatal|panic|emerg)[\])>]|^\W*(?:error|fail|crit(?:ical)?|fatal|panic|exception|traceback)(?:\s*[:|-]|\t)/i;
/** The end of a traceback: `ValueError: no number`, `requests.exceptions.ConnectionError`. */
const thrown = /^[\w.]*(?:Error|Exception)(?::|$)/;
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

/**
 * A date that is no time of the line: an earlier line was written after it, or it lies ahead of the file while no other does.
 * It is of a candle, of a session to come.
 */
const isOfText = (at: number, others: readonly number[], mtimeMs: number): boolean => {
  const past = others.filter((other) => other <= mtimeMs + fixedMs);
  return past.some((other) => other > at + fixedMs) || (at > mtimeMs + fixedMs && past.length > 0);
};

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
  const instantIn = (date: string | null): number[] => {
    const found = date === null ? null : readTimestamp(date);
    return found === null ? [] : [instantOf(found, timeZone)];
  };
  const match = dated.exec(line);
  const date = match?.[1]?.trim() ?? '';
  const found = readTimestamp(date);
  const message = found === null ? line : line.slice(match?.[0].length ?? 0);
  const [writtenAt] = instantIn(date);
  const isOther =
    writtenAt !== undefined &&
    (isFixed(date, lines, mtimeMs - writtenAt) ||
      isOfText(
        writtenAt,
        lines.slice(0, -1).flatMap((each) => instantIn(dateOf(each))),
        mtimeMs,
      ));
  const written = isOther ? null : found;
  return {
    kind: 'beat',
    record: {
      ...timeOnly(written === null ? Math.floor(mtimeMs) : instantOf(written, timeZone), ''),
      ...(written === null ? {} : datesOf(written, timeZone)),
      ...saidBy(line, message),
    },
  };
};

/** What a line says: a JSON object as one does, any other with the words of its level. */
const saidBy = (line: string, message: string) => {
  const document = line.startsWith('{') ? parseJsonObject(line) : null;
  if (document?.kind === 'object') return saidInLine(document.raw);
  const said = normalStatus(message === '' ? 'a line of the log' : message);
  const start = line.slice(0, levelWithin);
  const isFailure =
    level.test(start) ||
    levelInPlace.test(start) ||
    levelInPlace.test(message.slice(0, levelWithin)) ||
    thrown.test(message) ||
    isCutOff(start);
  return {
    ...(isFailure ? normalStatus(`${indicators.error.emoji} ${said.message}`) : said),
    ...reasonsInLine(message),
  };
};
