import { statSync } from 'node:fs';
import { isRefusal, journalIdentity, openRecords, type Records } from '@sentinel/history';
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
  let open: { readonly records: Records; readonly identity: string } | undefined;
  let checkAt = 0;

  const close = () => {
    const closing = open;
    open = undefined;
    try {
      closing?.records.close();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // A file that is gone or damaged may not even be closed in order.
    }
  };

  return {
    records: () => {
      const now = monotonic();
      if (open !== undefined && now < checkAt) return open.records;
      // Asked of the system, as SQLite says 'unable to open' of a file that is missing and of one that is forbidden.
      statSync(file);
      // What was set aside, removed or replaced is read for ever otherwise, and looks current; so is a `-wal` of before.
      if (open !== undefined && open.identity !== journalIdentity(file)) close();
      if (open === undefined) {
        const records = openRecords(file, { readOnly: true });
        open = { records, identity: journalIdentity(file) };
      }
      checkAt = now + betweenChecksMs;
      return open.records;
    },
    close,
  };
};
