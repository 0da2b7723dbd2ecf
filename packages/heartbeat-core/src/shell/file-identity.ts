import { statSync } from 'node:fs';

/** A file or folder as the disk knows it, whatever it is called; `null`: there is none. Inodes of two disks may be the same. */
export const identityOf = (path: string): string | null => {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.dev}:${stats.ino}`;
};
