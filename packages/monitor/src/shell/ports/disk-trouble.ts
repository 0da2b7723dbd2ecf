import { accessSync, constants, statfsSync } from 'node:fs';

/** Why a folder takes no new file, as far as the disk says; nothing is written to find out. */
export const diskTroubleOf = (folder: string): string | null => {
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Of a folder that is missing, or another user's, the disk is not the trouble.
    return code === 'EROFS' ? code : null;
  }
  try {
    const { blocks, bavail, files, ffree } = statfsSync(folder);
    return (blocks > 0 && bavail === 0) || (files > 0 && ffree === 0) ? 'ENOSPC' : null;
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
    return null;
  }
};
