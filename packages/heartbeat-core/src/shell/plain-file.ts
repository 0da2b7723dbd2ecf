import { closeSync, constants, fstatSync, lstatSync, openSync } from 'node:fs';

const { O_NOFOLLOW, O_NONBLOCK } = constants;
// Windows knows neither.
const careful = (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0);

/** What is no regular file is not opened, as an error of the system. */
const refusal = (file: string, code: 'ELOOP' | 'ENOTFILE', words: string) =>
  Object.assign(new Error(`${file} ${words}`), { code, syscall: 'open', errstr: words });

const isLinkWords = 'is a link, which is not followed: remove it';

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
    if ((error as NodeJS.ErrnoException).code !== 'ELOOP') throw error;
    throw refusal(file, 'ELOOP', isLinkWords);
  }
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw refusal(file, 'ENOTFILE', 'is no regular file: remove it');
};

/**
 * The same for what is opened by somebody else, SQLite say: throws where one of the files is a link or no regular file.
 * None is fine.
 */
export const requirePlainFiles = (...files: readonly string[]): void => {
  for (const file of files) {
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (stats?.isSymbolicLink() === true) throw refusal(file, 'ELOOP', isLinkWords);
    if (stats !== undefined && !stats.isFile())
      throw refusal(file, 'ENOTFILE', 'is no regular file: remove it');
  }
};
