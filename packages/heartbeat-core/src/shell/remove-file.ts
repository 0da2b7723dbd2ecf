import { unlinkSync } from 'node:fs';
import { isSystemError } from './system-error.ts';

/**
 * Removes a file, where there is one. Not `rmSync`: of what the system refuses it (a disk that is mounted read-only, say) it says
 * neither code nor call, so that nobody can tell it from a fault of the program.
 */
export const removeFile = (path: string): void => {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'ENOENT') throw error;
  }
};
