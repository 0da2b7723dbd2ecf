import {
  closeSync,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';

/** What a write asks of the disk. Tests put one in its place that refuses as Windows does. */
export type FileSystem = {
  readonly lstat: (path: string) => Stats | undefined;
  /** Where a link leads; `undefined` when there is nothing. */
  readonly realpath: (path: string) => string | undefined;
  /** Makes a new file with this text, and with exactly these permission bits where given. */
  readonly create: (path: string, text: string, mode: number | undefined) => void;
  readonly rename: (from: string, to: string) => void;
  readonly remove: (path: string) => void;
  readonly makeFolder: (path: string) => void;
  readonly wait: (ms: number) => void;
};

const permissionBits = 0o777;

export const fs: FileSystem = {
  lstat: (path) => lstatSync(path, { throwIfNoEntry: false }),
  realpath: (path) => {
    try {
      return realpathSync(path);
    } catch {
      return undefined;
    }
  },
  create: (path, text, mode) => {
    const descriptor = openSync(path, 'wx', mode);
    try {
      writeFileSync(descriptor, text);
      // The umask takes bits from what open was asked for.
      if (mode !== undefined && (fstatSync(descriptor).mode & permissionBits) !== mode)
        fchmodSync(descriptor, mode);
    } finally {
      closeSync(descriptor);
    }
  },
  rename: renameSync,
  remove: (path) => rmSync(path, { force: true }),
  makeFolder: (path) => void mkdirSync(path, { recursive: true }),
  wait: (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
};
