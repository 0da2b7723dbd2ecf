import { dirname } from 'node:path';
import { type FileSystem, fs as nodeFs } from './file-system.ts';
import { unlessRefused } from './system-error.ts';
import { temporaryName } from './temporary-files.ts';

/** Waits between tries of a rename, in ms: 31 in all, for the loop that beats waits with us. */
const renameWaitsMs = [1, 2, 4, 8, 16];
const passing = new Set(['EPERM', 'EBUSY', 'EACCES']);
const permissionBits = 0o777;

export const codeOf = (error: unknown): string =>
  String((error as NodeJS.ErrnoException | undefined)?.code ?? 'ERROR');

export class NotAFileError extends Error {
  readonly code = 'ENOTFILE';
  override readonly name = 'NotAFileError';
  constructor(file: string) {
    super(`${file} is not a regular file: remove it, or set another path for the status file`);
  }
}

/** No temporary file can be made beside a file that may still be written: no space, no inodes, a folder of somebody else. */
const noRoom = new Set(['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM']);

type ReplaceOptions = {
  /** Try a refused rename again: on Windows a reader that holds the file open refuses it for a moment. Default: true. */
  readonly patient?: boolean;
  /**
   * Follow a link in the file's place. Default: true. A file that is written without is the program's own: only its user
   * may write into it, whatever the umask or an ACL of the folder allows.
   */
  readonly follow?: boolean;
  readonly fs?: FileSystem;
};

/**
 * Replaces the file whole: a unique temporary file in the same folder, then a rename. The permission bits of the file
 * that was there are kept, a link is followed unless it is to be replaced itself, a missing folder is made. Where no temporary file can be made and the old
 * file is there, it is written in place: a beat that a reader may catch half-written is better than none. Throws what the
 * file system throws, and leaves no temporary file behind.
 */
export const replaceFile = (
  file: string,
  text: string,
  { patient = true, follow = true, fs = nodeFs }: ReplaceOptions = {},
): void => {
  const { target, mode } = lookAt(file, follow, fs);
  const temporary = temporaryName(target);
  try {
    try {
      writeNew(temporary, text, mode, follow ? 0o666 : 0o644, fs);
    } catch (error) {
      if (mode === undefined || !noRoom.has(codeOf(error))) throw error;
      fs.remove(temporary);
      if (!fs.overwrite(target, text)) throw error;
      return;
    }
    rename(temporary, target, patient, fs);
  } catch (error) {
    // The first error is the one that counts.
    unlessRefused(() => fs.remove(temporary), undefined);
    throw error;
  }
};

const lookAt = (
  file: string,
  follow: boolean,
  fs: FileSystem,
): { target: string; mode: number | undefined } => {
  let stats = fs.lstat(file);
  let target = file;
  if (stats?.isSymbolicLink() && !follow) stats = undefined;
  if (stats?.isSymbolicLink()) {
    target = fs.realpath(file) ?? file;
    stats = target === file ? undefined : fs.lstat(target);
  }
  // A rename onto a device or a pipe would replace it: /dev/null, say.
  if (stats !== undefined && !stats.isFile()) throw new NotAFileError(file);
  return { target, mode: stats === undefined ? undefined : stats.mode & (follow ? permissionBits : 0o755) };
};

const writeNew = (
  path: string,
  text: string,
  mode: number | undefined,
  most: number,
  fs: FileSystem,
): void => {
  try {
    fs.create(path, text, mode, most);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    fs.makeFolder(dirname(path));
    fs.create(path, text, mode, most);
  }
};

const rename = (from: string, to: string, patient: boolean, fs: FileSystem): void => {
  for (const wait of patient ? renameWaitsMs : []) {
    try {
      fs.rename(from, to);
      return;
    } catch (error) {
      if (!passing.has(codeOf(error))) throw error;
      fs.wait(wait);
    }
  }
  fs.rename(from, to);
};
