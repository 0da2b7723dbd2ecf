import { closeSync, constants, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorMessage } from '../core/error-words.ts';
import type { FileFormat } from '../core/formats/file-format.ts';
import { lookAtContent } from '../core/formats/parse-file.ts';
import type { ParseOptions } from '../core/parse.ts';
import type { Reading } from '../core/reading.ts';
import { checkZone } from '../core/zoned-time.ts';
import { isForeignLink } from './foreign-link.ts';
import { mostBytes } from './most-bytes.ts';
import { isLink, resolveFile } from './resolve-file.ts';
import { rotatedLog } from './rotated-log.ts';
import { isSystemError, systemCodeOf } from './system-error.ts';

const secondLookMs = 20;
/** A file that is written all the time is caught whole by one of these. */
const mostLooks = 40;
const nextLookMs = 3;
// A pipe without a writer would block the open, and a terminal could become ours. Windows has neither flag.
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);
const utf8 = new TextDecoder('utf-8', { fatal: true });
/** Of a log only the end is read, which may begin within a character. */
const lenient = new TextDecoder('utf-8');

export type ReadOptions = ParseOptions & {
  /**
   * What is in the file.
   * @default the three lines of docs/status-file.md
   */
  readonly format?: FileFormat | undefined;
};

/**
 * Reads the status file. A writer that truncates before it writes can be caught in the middle, so an empty or partial
 * file (one without line 3 too) is read once more, 20 ms later, before it counts, and a few times more while it goes on
 * changing. Reads at most 64 KiB, and never
 * waits on a pipe or device. A beat that is dated after its file was written comes with the time of the file. Every failure is a reading, a fault of this program too; see {@link explainProblem} for words.
 *
 * @throws RangeError (as a rejection) when `timeZone` is not a time zone.
 * @example
 * const reading = await readHeartbeat('logs/heartbeat_status.txt');
 * console.log(reading.kind === 'beat' ? reading.record.status : explainProblem(reading.problem));
 */
export const readHeartbeat = async (file: string, options: ReadOptions = {}): Promise<Reading> =>
  beginReading(file, options);

/** As {@link readHeartbeat}, but what is whole at the first look is there at once. Throws what that is rejected with. */
export const beginReading = (file: string, options: ReadOptions): Reading | Promise<Reading> => {
  const found = look(file, options);
  return found.partial ? lookAgain(file, options, found) : found.reading;
};

const lookAgain = async (file: string, options: ReadOptions, first: Look): Promise<Reading> => {
  // Loaded late: most files are whole at the first look.
  const { setTimeout: sleep } = process.getBuiltinModule('node:timers/promises');
  let found = first;
  for (let again = 0; found.partial && again < mostLooks; again += 1) {
    await sleep(again === 0 ? secondLookMs : nextLookMs);
    const before = found.stamp;
    found = look(file, options);
    // Nobody is writing it: it is what it is.
    if (found.stamp === before) break;
  }
  return found.reading;
};

/**
 * One look at the status file, without the second one that {@link readHeartbeat} takes at a partial file.
 *
 * @throws RangeError when `timeZone` is not a time zone.
 * @example
 * if (readHeartbeatOnce(file).kind !== 'beat') look();
 */
export const readHeartbeatOnce = (file: string, options: ReadOptions = {}): Reading =>
  look(file, options).reading;

/** `stamp`: another one once the file was written again. */
type Look = { readonly reading: Reading; readonly partial: boolean; readonly stamp: string };

const whole = (reading: Reading, stamp = ''): Look => ({ reading, partial: false, stamp });

const look = (file: string, options: ReadOptions): Look => {
  const found = lookInto(file, options);
  const { reading, stamp } = found;
  return reading.kind === 'corrupt' ? { ...found, reading: { ...reading, stamp } } : found;
};

const lookInto = (file: string, options: ReadOptions): Look => {
  const content = readContent(file, options.format?.kind ?? 'sentinel');
  if ('reading' in content) return content;
  try {
    return { ...lookAtContent(content, options), stamp: content.stamp };
  } catch (error) {
    checkZone(options.timeZone);
    // The last fence: whatever a file makes of this program, that is its reading, and the other bots are watched on.
    const cause = errorMessage(error).slice(0, mostFault);
    return whole({ kind: 'unreadable', problem: { code: 'fault', file, cause } });
  }
};

/** Of the words of a fault, in characters. */
const mostFault = 200;

type Content = { readonly text: string; readonly stamp: string; readonly mtimeMs: number };

const readContent = (
  file: string,
  format: FileFormat['kind'],
  rotated: (file: string) => Content | null = readRotated,
): Content | Look => {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, flags);
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return whole({ kind: 'unreadable', problem: { code: 'not-a-file', file } });
    if (isForeignLink(file, descriptor, stats)) return whole(failed(file, 'FOREIGN_LINK'));
    if (format === 'touch') return { text: '', stamp: '', mtimeMs: stats.mtimeMs };
    if (format === 'log') {
      const end = readEnd(descriptor, stats.size);
      return (end.text.trim() === '' ? rotated(file) : null) ?? end;
    }
    const buffer = Buffer.allocUnsafe(stats.size < mostBytes ? stats.size + 1024 : mostBytes + 1);
    const length = readSync(descriptor, buffer, 0, buffer.length, 0);
    const bytes = Math.max(stats.size, length);
    const stamp = `${stats.mtimeMs} ${bytes}`;
    if (length > mostBytes) return whole({ kind: 'corrupt', problem: { code: 'too-large', bytes } }, stamp);
    try {
      // Asked after the text was read: of a file that is written in between it must not be the time before.
      return { text: utf8.decode(buffer.subarray(0, length)), stamp, mtimeMs: fstatSync(descriptor).mtimeMs };
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return { reading: { kind: 'corrupt', problem: { code: 'not-utf8' } }, partial: true, stamp };
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const isAway = format === 'log' && systemCodeOf(error) === 'ENOENT';
    return (isAway ? rotated(file) : null) ?? whole(failed(file, systemCodeOf(error)));
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
};

/** The end of a file that grows. */
const readEnd = (descriptor: number, size: number): Content => {
  const buffer = Buffer.allocUnsafe(mostBytes);
  const from = Math.max(0, size - mostBytes);
  const length = readSync(descriptor, buffer, 0, mostBytes, from);
  const { mtimeMs } = fstatSync(descriptor);
  const text = lenient.decode(buffer.subarray(0, length));
  // Where it begins in the middle, its first line is none.
  return {
    text: from === 0 ? text : text.slice(text.indexOf('\n') + 1),
    stamp: `${mtimeMs} ${size}`,
    mtimeMs,
  };
};

/** A log that was just rotated counts with the last line before that. */
const readRotated = (file: string): Content | null => {
  const rotated = rotatedLog(file);
  if (rotated === null) return null;
  const content = readContent(rotated.file, 'log', () => null);
  if (!('text' in content)) return null;
  return rotated.packed ? { ...content, text: 'rotated\n' } : content;
};

const failed = (file: string, cause: string): Reading => {
  // ENXIO: a socket stands there.
  if (cause === 'ENXIO') return { kind: 'unreadable', problem: { code: 'not-a-file', file } };
  if (cause !== 'ENOENT') return { kind: 'unreadable', problem: { code: 'unreadable', file, cause } };
  if (!isLink(file)) return { kind: 'missing', problem: { code: 'missing', file } };
  // Into a folder that is not there nobody can write.
  const kind = existsSync(dirname(resolveFile(file))) ? 'missing' : 'unreadable';
  return { kind, problem: { code: 'missing', file, link: true } };
};
