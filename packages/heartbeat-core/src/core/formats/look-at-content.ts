import type { ParseOptions } from '../parse.ts';
import type { Reading } from '../reading.ts';
import type { FileFormat } from './file-format.ts';
import { type FileContent, parseFile } from './parse-file.ts';

/** Disks keep the time of a file in whole ticks, the coarsest (FAT) in 2 s, and round it down. */
const coarsestTickMs = 2000;

const sentinel: FileFormat = { kind: 'sentinel' };

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
  const { format = sentinel } = options;
  const reading = withFileTime(parseFile(content, format, options), content.mtimeMs);
  const mayGoOn = format.kind === 'sentinel' && !content.text.includes('{');
  return { reading, partial: reading.kind === 'corrupt' || mayGoOn };
};
