import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage, foreignFolder } from '@sentinel/heartbeat-core';
import { changeRecords, isRefusal, moveAside } from '@sentinel/history';
import type { Outcome } from './check-text.ts';

const testKey = 'can-be-used';
/** How long another process may lock the journal before that counts as unusable, in ms. */
const lockMs = 5000;
/** A monitor that lives looks at its journal every five seconds. */
const anewMs = 12_000;

/** What keeps the journal from being used; `null`: it can be. */
const whyUnusable = async (database: string): Promise<string | null> => {
  try {
    await changeRecords(database, lockMs, (records) => records.setState(testKey, null));
    return null;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return errorMessage(error);
  }
};

/**
 * The way out of a journal that cannot be used: it is moved away, on the word of a person, and a monitor that lives begins a
 * new one. One that can be used stays where it is. `isNew`: a new one is there, and takes orders.
 */
export const setJournalAside = async (
  database: string,
  waitMs = anewMs,
): Promise<Outcome & { readonly isNew: boolean }> => {
  if (!existsSync(database))
    return { code: 1, line: `reset: there is no journal at ${database}`, isNew: false };
  const foreign = foreignFolder(database);
  if (foreign !== null)
    return { code: 1, line: `reset: ${foreign}: give the order as that user`, isNew: false };
  const why = await whyUnusable(database);
  if (why === null)
    return { code: 0, line: `The journal ${database} can be used: it stays where it is`, isNew: true };
  let keptAs: string;
  try {
    keptAs = moveAside(database, Date.now(), 'set-aside');
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const refused = errorMessage(error);
    return { code: 1, line: `reset: the journal cannot be moved away: ${refused}`, isNew: false };
  }
  const moved = `The journal could not be used (${why}): it was moved to ${keptAs}`;
  // Made here it would belong to whoever calls.
  for (let left = waitMs; left > 0 && !existsSync(database); left -= 100) await sleep(100);
  return existsSync(database)
    ? { code: 0, line: `${moved}, and the monitor has started a new one`, isNew: true }
    : {
        code: 0,
        line: `${moved}. No monitor has started a new one yet: the next monitor that starts does, and knows nothing from before`,
        isNew: false,
      };
};
