import { corrupt, type ParseOptions, parseStatusFile, timeLike } from '../parse.ts';
import type { Problem } from '../problem.ts';
import type { Reading } from '../reading.ts';
import { datesOf, instantOf, readTimestamp } from '../timestamp.ts';
import { epochMs, timeOnly } from './epoch.ts';
import type { FileFormat } from './file-format.ts';
import { guessFormat } from './guess-format.ts';
import { parseJsonBeat } from './json.ts';
import { parseLog } from './log.ts';

/** A file as it was read: its text (of a log: its end) and when it was changed, in ms since the epoch. */
type FileContent = { readonly text: string; readonly mtimeMs: number };

/** Problems that a file of another format has. */
const maybeOther: readonly Problem['code'][] = [
  ...(['empty', 'no-status', 'no-timestamp', 'bad-timestamp', 'bad-json'] as const),
  ...(['not-epoch', 'not-iso', 'not-json'] as const),
];

/**
 * Parses what a bot wrote in any of the formats. A file of another format than was said is `corrupt`, with the format that
 * it looks like.
 */
const parseAs = (
  { text, mtimeMs }: FileContent,
  format: FileFormat,
  { timeZone }: ParseOptions = {},
): Reading => {
  if (format.kind === 'touch') return { kind: 'beat', record: timeOnly(Math.floor(mtimeMs), 'touched') };
  if (text.includes('\0')) return corrupt({ code: 'has-nul' });
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed === '' && format.kind !== 'sentinel') return corrupt({ code: 'empty' });
  switch (format.kind) {
    case 'sentinel':
      return parseStatusFile(text, { timeZone });
    case 'epoch': {
      const time = epochMs(trimmed);
      return time === null
        ? corrupt({ code: 'not-epoch', found: timeLike(trimmed) })
        : { kind: 'beat', record: timeOnly(time, 'beats') };
    }
    case 'iso': {
      const written = readTimestamp(trimmed);
      return written === null
        ? corrupt({ code: 'not-iso', found: timeLike(trimmed) })
        : {
            kind: 'beat',
            record: { ...timeOnly(instantOf(written, timeZone), 'beats'), ...datesOf(written, timeZone) },
          };
    }
    case 'json':
      return parseJsonBeat(text, format.keys, timeZone, mtimeMs);
    case 'log':
      return parseLog(text, mtimeMs, timeZone);
  }
};

/** The same, with the format to set where it looks like another one; of JSON with where its time is, if that has to be said. */
const parseFile = (content: FileContent, format: FileFormat, options: ParseOptions): Reading => {
  const reading = parseAs(content, format, options);
  if (reading.kind !== 'corrupt' || !maybeOther.includes(reading.problem.code)) return reading;
  const other = guessFormat(content.text);
  if (other === null || other === format.kind) return reading;
  const json = other === 'json' ? parseAs(content, { kind: other, keys: {} }, options) : null;
  return json?.kind === 'corrupt' ? json : corrupt({ code: 'other-format', format: other });
};

/** Disks keep the time of a file in whole ticks, the coarsest (FAT) in 2 s, and round it down. */
const coarsestTickMs = 2000;

/** A file without a time (0, as some network disks give it) says nothing. */
const withFileTime = (reading: Reading, mtimeMs: number): Reading =>
  reading.kind === 'beat' && mtimeMs > 0 && mtimeMs < reading.record.updatedAt - coarsestTickMs
    ? { ...reading, mtimeMs }
    : reading;

/**
 * What the content of a status file says. `partial`: a writer may have been caught in the middle.
 *
 * @throws RangeError when `timeZone` is needed and is not a time zone.
 */
export const lookAtContent = (
  content: FileContent,
  options: ParseOptions & { readonly format?: FileFormat | undefined },
): { readonly reading: Reading; readonly partial: boolean } => {
  const { format = { kind: 'sentinel' } } = options;
  const reading = withFileTime(parseFile(content, format, options), content.mtimeMs);
  const mayGoOn = format.kind === 'sentinel' && !content.text.includes('{');
  return { reading, partial: reading.kind === 'corrupt' || mayGoOn };
};
