import { statSync } from 'node:fs';
import { openRecords, type Records } from '@sentinel/history';
import type { ApiClock } from '../options.ts';

/** Whether the file is still the same is asked at most this often, in ms: a request may read it ten times. */
const betweenChecksMs = 100;

export type JournalReader = {
  /** The journal that stands at the path now. Throws what the system or SQLite throws. */
  readonly records: () => Records;
  readonly close: () => void;
};

/** Holds the journal open for reading, and lets go of it when another file stands in its place. */
export const createJournalReader = (
  file: string,
  { monotonic }: Pick<ApiClock, 'monotonic'>,
): JournalReader => {
  let open: { readonly records: Records; readonly inode: number } | undefined;
  let checkAt = 0;

  const close = () => {
    const closing = open;
    open = undefined;
    try {
      closing?.records.close();
    } catch {
      // A file that is gone or damaged may not even be closed in order.
    }
  };

  return {
    records: () => {
      const now = monotonic();
      if (open !== undefined && now < checkAt) return open.records;
      // Asked of the system, as SQLite says 'unable to open' of a file that is missing and of one that is forbidden.
      const inode = statSync(file).ino;
      // What was set aside, removed or replaced is read for ever otherwise, and looks current.
      if (open?.inode !== inode) close();
      open ??= { records: openRecords(file, { readOnly: true }), inode };
      checkAt = now + betweenChecksMs;
      return open.records;
    },
    close,
  };
};
