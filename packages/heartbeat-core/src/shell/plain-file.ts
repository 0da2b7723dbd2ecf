import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';

const { O_RDONLY, O_NOCTTY, O_NOFOLLOW, O_NONBLOCK } = constants;
// Windows knows none of them.
const patient = (O_NONBLOCK ?? 0) | (O_NOCTTY ?? 0);
const careful = (O_NOFOLLOW ?? 0) | patient;

/** What is no regular file is not opened, as an error of the system. */
const refusal = (file: string, code: 'ELOOP' | 'ENOTFILE' | 'EISDIR' | 'EFBIG' | 'EMLINK', words: string) =>
  Object.assign(new Error(`${file} ${words}`), { code, syscall: 'open', errstr: words });

const isLinkWords = 'is a link, which is not followed: remove it';
/** It may be the path that is wrong: nobody is told to remove a folder that is in use. */
const isNoFileWords = 'is no regular file: give another path, or move away what is there';
const isNoTextWords = 'is no regular file: lay a file of text there';
/** What `open(2)` says of a folder, and of a pipe that nobody reads. */
const noFile = new Set(['EISDIR', 'ENXIO']);

/**
 * Opens a file in a folder in which others may write too. A link, a pipe or a device in its place is not followed:
 * whoever laid it there chose where it leads. Everything that a program keeps in `logs` is opened by this.
 *
 * @param flags as `open(2)` takes them.
 * @throws Error of the system where it cannot be opened, and where it is no regular file.
 */
export const openPlainFile = (file: string, flags: number, mode = 0o600): number => {
  let descriptor: number;
  try {
    descriptor = openSync(file, flags | careful, mode);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ELOOP') throw refusal(file, 'ELOOP', isLinkWords);
    if (noFile.has(code)) throw refusal(file, 'ENOTFILE', isNoFileWords);
    throw error;
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw refusal(file, 'ENOTFILE', isNoFileWords);
    if (stats.nlink > 1 && othersMayLink(file))
      throw refusal(
        file,
        'EMLINK',
        'has another name (a hard link), in a folder in which others may write: remove it',
      );
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
};

/** Whether somebody else may lay a hard link there: to a file that this user may write, and they may not. */
const othersMayLink = (file: string): boolean => {
  const me = process.geteuid?.();
  if (me === undefined) return false;
  const { uid, mode } = statSync(dirname(file));
  return (uid !== me && uid !== 0) || (mode & 0o022) !== 0;
};

/** What is read whole is a file of settings or of signals: a larger one is none. */
const usualMostBytes = 64 * 1024 * 1024;

/** What {@link readPlainFile} gives: the content, and the facts of the very file that was read. */
type PlainFile = { readonly bytes: Buffer; readonly stats: Stats };

/** A socket, and a terminal that is none of this process, say no to the opening already. */
const openFollowing = (file: string): number => {
  try {
    return openSync(file, O_RDONLY | patient);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENXIO') throw refusal(file, 'ENOTFILE', isNoTextWords);
    throw error;
  }
};

/**
 * Reads a file whole, and never waits: a pipe in its place would be waited for, for ever, and a device never ends. Whatever a
 * program reads by a path that somebody gave it, or in a folder in which others may write, is read by this.
 *
 * @param options `followLinks`: false for what a program keeps in `logs`. Default: true. `mostBytes`: a larger one is refused.
 * Default: 64 MiB.
 * @throws Error of the system where it cannot be read, and where it is no regular file.
 * @example
 * const signals = parseJson(readPlainFile('signals.json').bytes.toString('utf8'));
 */
export const readPlainFile = (
  file: string,
  { followLinks = true, mostBytes = usualMostBytes } = {},
): PlainFile => {
  const descriptor = followLinks ? openFollowing(file) : openPlainFile(file, O_RDONLY);
  try {
    const stats = fstatSync(descriptor);
    if (stats.isDirectory()) throw refusal(file, 'EISDIR', 'is a folder');
    if (!stats.isFile()) throw refusal(file, 'ENOTFILE', isNoTextWords);
    if (stats.size > mostBytes) throw refusal(file, 'EFBIG', `is larger than ${mostBytes} bytes`);
    return { bytes: readFileSync(descriptor), stats };
  } finally {
    closeSync(descriptor);
  }
};

/**
 * The same for what is opened by somebody else, SQLite say: throws where one of the files is a link or no regular file.
 * None is fine.
 */
export const requirePlainFiles = (...files: readonly string[]): void => {
  for (const file of files) {
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (stats?.isSymbolicLink() === true) throw refusal(file, 'ELOOP', isLinkWords);
    if (stats !== undefined && !stats.isFile()) throw refusal(file, 'ENOTFILE', isNoFileWords);
  }
};
