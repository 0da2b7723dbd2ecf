import { isLocked } from '@sentinel/heartbeat-core';
import { type Clock, systemClock } from './clock.ts';
import { openRecords, type Records } from './record.ts';

/** Nothing else goes on while SQLite waits: for no longer than this at once, in ms. */
const lockWaitMs = 50;
const betweenTriesMs = 200;

/**
 * Opens the journal at `file`, changes it, and lets go of it: for those who give orders to whoever writes it. A journal that
 * another process locks is tried again.
 *
 * @param withinMs how long it is tried; then it throws.
 * @throws (as a rejection) what SQLite and the system throw.
 * @example
 * const order = { bot: 'bot', kind: 'resume', by: 'ann', args: {}, at: Date.now() };
 * const id = await changeRecords('logs/sentinel.db', 2000, (records) => records.addOrder(order));
 */
export const changeRecords = async <T>(
  file: string,
  withinMs: number,
  change: (records: Records) => T,
  clock: Pick<Clock, 'monotonic' | 'sleep'> = systemClock,
): Promise<T> => {
  const endsAt = clock.monotonic() + withinMs;
  for (;;)
    try {
      return changeOnce(file, change);
    } catch (error) {
      if (!isLocked(error) || clock.monotonic() >= endsAt) throw error;
      await clock.sleep(betweenTriesMs, new AbortController().signal);
    }
};

const changeOnce = <T>(file: string, change: (records: Records) => T): T => {
  const records = openRecords(file, { lockWaitMs });
  try {
    return change(records);
  } finally {
    records.close();
  }
};
