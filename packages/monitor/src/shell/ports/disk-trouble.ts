import { accessSync, constants, statfsSync } from 'node:fs';
import { isSystemError, unlessRefused } from '@sentinel/heartbeat-core';

/** Why a folder takes no new file, as far as the disk says; nothing is written to find out. */
export const diskTroubleOf = (folder: string): string | null => {
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    // Of a folder that is missing, or another user's, the disk is not the trouble.
    return error.code === 'EROFS' ? error.code : null;
  }
  return unlessRefused(() => {
    const { blocks, bavail, files, ffree } = statfsSync(folder);
    return (blocks > 0 && bavail === 0) || (files > 0 && ffree === 0) ? 'ENOSPC' : null;
  }, null);
};
