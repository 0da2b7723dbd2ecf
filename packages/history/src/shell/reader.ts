import { identityOf } from '@sentinel/heartbeat-core';
import type { Answer } from '../core/answer.ts';
import { isRefusal } from '../core/store-trouble.ts';
import { type Clock, systemClock } from './clock.ts';
import { openRecords, type Records } from './record.ts';
import { reasonOf } from './sqlite.ts';
import { journalIdentity } from './which-file.ts';

/** A journal as it is read by those who do not write it. */
type Reader = {
  /**
   * Asks the journal that stands at the path now. Nothing is made or changed, and no lock is waited for.
   *
   * @throws only what `work` throws through a fault of the program.
   */
  readonly withRecords: <T>(work: (records: Records) => T) => Answer<T>;
  readonly close: () => void;
};

type ReaderOptions = {
  /** Whether the file is still the same is asked at most this often, in ms. Default: 0, with each question. */
  readonly checkMs?: number;
  /** How long the file is left alone after it could not be read, in ms: a lock or a damaged file costs time. Default: 0. */
  readonly restMs?: number;
  readonly clock?: Pick<Clock, 'monotonic'>;
};

/**
 * Holds the journal at `file` open for reading, and lets go of it when another file, or another `-wal` or `-shm`, stands in
 * its place: that of before would be read for ever, and look current.
 *
 * @example
 * const reader = openReader('logs/sentinel.db');
 * const answer = reader.withRecords((records) => records.incidents({ bot: 'bot', limit: 5 }));
 * if (answer.kind === 'known') for (const { reason } of answer.value) console.log(reason);
 * reader.close();
 */
export const openReader = (
  file: string,
  { checkMs = 0, restMs = 0, clock = systemClock }: ReaderOptions = {},
): Reader => {
  let open: { readonly records: Records; readonly identity: string } | undefined;
  let checkAt = Number.NEGATIVE_INFINITY;
  let rest: { readonly until: number; readonly answer: Answer<never> } | null = null;

  const close = () => {
    const closing = open;
    open = undefined;
    try {
      closing?.records.close();
    } catch (error) {
      // A file that is gone or damaged may not even be closed in order.
      if (!isRefusal(error)) throw error;
    }
  };

  /** `null`: there is no journal. */
  const records = (now: number): Records | null => {
    if (open !== undefined && now < checkAt) return open.records;
    // Asked of the system, as SQLite says 'unable to open' of a file that is missing and of one that is forbidden.
    if (identityOf(file) === null) return null;
    if (open !== undefined && open.identity !== journalIdentity(file)) close();
    open ??= { records: openRecords(file, { readOnly: true }), identity: journalIdentity(file) };
    checkAt = now + checkMs;
    return open.records;
  };

  const fail = (answer: Answer<never>, now: number): Answer<never> => {
    close();
    rest = { until: now + restMs, answer };
    return answer;
  };

  return {
    withRecords: (work) => {
      const now = clock.monotonic();
      if (rest !== null && now < rest.until) return rest.answer;
      rest = null;
      try {
        const found = records(now);
        return found === null ? fail({ kind: 'none' }, now) : { kind: 'known', value: work(found) };
      } catch (error) {
        if (!isRefusal(error)) throw error;
        return fail({ kind: 'unknown', reason: reasonOf(error) }, now);
      }
    },
    close,
  };
};

/**
 * One question to the journal at `file`.
 *
 * @throws only what `work` throws through a fault of the program.
 * @example
 * const names = withRecords('logs/sentinel.db', (records) => records.watchedBots());
 */
export const withRecords = <T>(file: string, work: (records: Records) => T): Answer<T> => {
  const reader = openReader(file);
  try {
    return reader.withRecords(work);
  } finally {
    reader.close();
  }
};
