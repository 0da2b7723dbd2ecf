import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  type Stats,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { makeFolder } from './make-folder.ts';
import { removeFile } from './remove-file.ts';
import { unlessRefused } from './system-error.ts';

/** What a write asks of the disk. Tests put one in its place that refuses as Windows does. */
export type FileSystem = {
  readonly lstat: (path: string) => Stats | undefined;
  /** Where a link leads; `undefined` when there is nothing. */
  readonly realpath: (path: string) => string | undefined;
  /** Makes a new file with this text, and with exactly these permission bits where given; else with `most` at most. */
  readonly create: (path: string, text: string, mode: number | undefined, most: number) => void;
  /** Writes the text into the file that is there, where it fits into the space that the file has. False: it does not. */
  readonly overwrite: (path: string, text: string) => boolean;
  readonly rename: (from: string, to: string) => void;
  readonly remove: (path: string) => void;
  readonly makeFolder: (path: string) => void;
  readonly wait: (ms: number) => void;
};

const permissionBits = 0o777;

/** What a file's `blocks` count in, whatever the disk. */
const blockBytes = 512;

export const fs: FileSystem = {
  lstat: (path) => lstatSync(path, { throwIfNoEntry: false }),
  realpath: (path) => unlessRefused(() => realpathSync(path), undefined),
  create: (path, text, mode, most) => {
    const descriptor = openSync(path, 'wx', mode ?? most);
    try {
      writeFileSync(descriptor, text);
      // The umask takes bits from what open was asked for.
      if (mode !== undefined && (fstatSync(descriptor).mode & permissionBits) !== mode)
        fchmodSync(descriptor, mode);
    } finally {
      closeSync(descriptor);
    }
  },
  overwrite: (path, text) => {
    // Links were followed by now: one that was laid since is none of ours.
    const descriptor = openSync(path, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
    try {
      const { blocks } = fstatSync(descriptor);
      const length = Buffer.byteLength(text);
      // Only where it fits into what the file has already: a full disk must not leave half a beat.
      if (length > blocks * blockBytes) return false;
      // First the text, then its end: a reader in between sees more than there is, and never less.
      writeSync(descriptor, text, 0);
      ftruncateSync(descriptor, length);
      return true;
    } finally {
      closeSync(descriptor);
    }
  },
  rename: renameSync,
  remove: removeFile,
  makeFolder: (path) => makeFolder(path),
  wait: (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
};
