import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isSystemError } from './system-error.ts';

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** `false`: the folder above it is missing. */
const makeOne = (folder: string, mode: number): boolean => {
  try {
    mkdirSync(folder, { mode });
    return true;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code !== 'ENOENT') {
      if (isFolder(folder)) return true;
      throw error;
    }
    const above = dirname(folder);
    // The folder above is there, and takes none: /proc answers so to everybody.
    if (above === folder || existsSync(above)) throw error;
    return false;
  }
};

/**
 * Makes a folder, and those above it where they are missing. One that is there is left as it is. Node's own
 * (`mkdirSync` with `recursive`) never comes back where a system like /proc says `ENOENT` of a folder that it does not take.
 *
 * @param mode of the folders that are made, less what the umask takes.
 * @throws the error of the system when it cannot be made.
 */
export const makeFolder = (folder: string, mode = 0o777): void => {
  if (makeOne(folder, mode)) return;
  makeFolder(dirname(folder), mode);
  makeOne(folder, mode);
};
