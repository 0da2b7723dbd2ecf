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

/** Problems of a status file that a file of another form has. */
const maybeOther: readonly Problem['code'][] = [
  'empty',
  'no-status',
  'no-timestamp',
  'bad-timestamp',
  'bad-json',
];

/**
 * Parses what a bot wrote in any of the formats. A file of another format than was said is `corrupt`, with the format that
 * it looks like.
 */
const parseFile = (
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
      return orOther(parseStatusFile(text, { timeZone }), text);
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
      return parseJsonBeat(text, format.keys, timeZone);
    case 'log':
      return parseLog(text, mtimeMs, timeZone);
  }
};

const orOther = (reading: Reading, text: string): Reading => {
  if (reading.kind !== 'corrupt' || !maybeOther.includes(reading.problem.code)) return reading;
  const format = guessFormat(text);
  return format === null ? reading : corrupt({ code: 'other-format', format });
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
