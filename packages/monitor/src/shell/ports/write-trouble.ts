import { accessSync, constants, type Stats, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isSystemError, resolveFile, unlessRefused } from '@sentinel/heartbeat-core';

/** Why a folder takes no new file, as far as the disk says; nothing is written to find out. */
const diskTroubleOf = (folder: string): string | null => {
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

type Rights = Pick<Stats, 'uid' | 'mode'>;
type FileFacts = Rights & Pick<Stats, 'mtimeMs' | 'ctimeMs' | 'birthtimeMs'>;

/** In which groups a user is nobody says: what a group may do, anybody may. */
const may = ({ uid, mode }: Rights, user: number, bits: number): boolean =>
  user === 0 || ((user === uid ? mode >> 6 : mode | (mode >> 3)) & bits) === bits;
const [enter, write] = [0o1, 0o2];

/** A file that is older than its last beat by so much is written in place, and not made anew with each beat, in ms. */
const sameFileMs = 2000;
/** Its rights changed later than its content, in ms. */
const laterMs = 1000;

/**
 * Whoever has written the status file may not do so any more. Of a file that is made anew with each beat that is who owns it, and the
 * folder counts. One that is written in place belonged to somebody else, or had other rights, when its last beat was written.
 *
 * @param owner whose file it was when beats came; `null`: not known.
 */
export const isWithheld = (file: FileFacts | undefined, folder: Rights, owner: number | null): boolean => {
  const inPlace = file !== undefined && file.mtimeMs - file.birthtimeMs > sameFileMs;
  const user = inPlace ? (owner ?? file.uid) : (file?.uid ?? owner);
  if (user === null) return false;
  if (!inPlace) return !may(folder, user, enter | write);
  const isChanged = file.uid !== user || file.ctimeMs - file.mtimeMs > laterMs;
  return !may(folder, user, enter) || (isChanged && !may(file, user, write));
};

/** Why no beat can be written into a file: the disk takes none, or its writer may not write there any more. */
export const writeTroubleOf = (file: string, owner: number | null): string | null => {
  const path = resolveFile(file);
  const folder = dirname(path);
  const statsOf = (of: string) => statSync(of, { throwIfNoEntry: false });
  const isKept = () => {
    const around = statsOf(folder);
    return around !== undefined && isWithheld(statsOf(path), around, owner);
  };
  return diskTroubleOf(folder) ?? (unlessRefused(isKept, false) ? 'EACCES' : null);
};
