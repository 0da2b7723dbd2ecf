import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { explainSystemError, isLocked, isSystemError, oneLine } from '@sentinel/heartbeat-core';
import {
  changeRecords,
  isRefusal,
  lockedBy,
  openReader,
  orderOutcome,
  type Records,
} from '@sentinel/history';
import type { PersonCommand } from '../core/input.ts';
import type { Outcome } from './check-text.ts';
import { namesIn } from './read-journal.ts';

/** How long another process may lock the journal, in ms. */
const lockMs = 5000;

/**
 * Gives an order to the monitor that watches the bot and waits until it was carried out. Exit code 1: it was refused,
 * there is no journal to give it by, or nobody took it in time; then it is withdrawn, so that no monitor restarts a bot hours later.
 * Of a test alert it tells what became of it on each channel, and the code is 1 if one did not take it.
 *
 * @param waitMs how long to wait for a monitor, in ms.
 */
export const giveCommand = async (
  database: string,
  bot: string,
  order: Omit<PersonCommand, 'at'>,
  waitMs = 8000,
): Promise<Outcome> => {
  // Opening it would make one, and no monitor would read it.
  const missing = whyMissing(database);
  if (missing !== null) return { code: 1, line: `${order.kind}: ${missing}` };
  let isGiven = false;
  try {
    return await give(database, bot, order, waitMs, () => {
      isGiven = true;
    });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return {
      code: 1,
      line: `${order.kind}: ${refusalOf(error, database)}. ${isGiven ? mayBeDone : notDone}${order.kind === 'reset' ? wayOut : ''}`,
    };
  }
};

/** Why there is no journal to give an order by; `null`: there is one. What cannot be looked at is not called missing. */
const whyMissing = (database: string): string | null => {
  try {
    return statSync(database, { throwIfNoEntry: false }) === undefined
      ? `no monitor has a journal at ${database}: start one, or give the SENTINEL_DB of the one that runs`
      : null;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return `the journal cannot be looked at: ${explainSystemError(error)}. Nothing was ordered`;
  }
};

const notDone = 'Nothing was ordered: give the order again then.';
const mayBeDone =
  'The order was given, but its result is not known: `sentinel-monitor status` shows the state of the bot.';

const wayOut =
  ' If that is not possible: check that no bot runs, then `sentinel-monitor reset --set-aside` moves the journal away, and the monitor starts a new one.';

/** What keeps the journal from taking an order, and what to do. */
const refusalOf = (error: unknown, database: string): string => {
  const { message } = error as { readonly message?: string };
  // What the system said has its advice in it.
  if (isSystemError(error)) return `the journal takes no order: ${explainSystemError(error)}`;
  return isLocked(error)
    ? `the journal ${database} is locked${lockedBy(database, error)}. Another process locks it (for example a copy, a backup or a database tool): wait until it is done, or end it`
    : `the journal ${database} takes no order (${message}): look at the disk's space and the file's owner`;
};

const withdrawn = 'withdrawn: no monitor took it';

/** Whom the journal has, where it does not have the bot that was asked for: the name is wrong, or was not given. */
const othersThan = (bot: string, database: string): string => {
  const names = namesIn(database) ?? [];
  if (names.length === 0 || names.includes(bot)) return '';
  return `. The journal has ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', ...' : ''}: give one of them as --bot`;
};

const give = async (
  database: string,
  bot: string,
  order: Omit<PersonCommand, 'at'>,
  waitMs: number,
  onGiven: () => void,
): Promise<Outcome> => {
  const id = await changeRecords(database, lockMs, (records) =>
    records.addOrder({ ...order, bot, at: Date.now() }),
  );
  onGiven();
  const reader = openReader(database);
  /** Asks until it is so. What cannot be read for a moment is asked again. `null`: it was not so in time. */
  const until = async <T>(ask: (records: Records) => T | null, withinMs: number): Promise<T | null> => {
    for (const deadline = performance.now() + withinMs; performance.now() < deadline; await sleep(50)) {
      const answer = reader.withRecords(ask);
      if (answer.kind === 'known' && answer.value !== null) return answer.value;
    }
    return null;
  };
  try {
    const taken = await until((records) => records.orderResult(id), waitMs);
    if (taken === null && (await withdraw(database, id)))
      return {
        code: 1,
        line: `${order.kind}: no monitor that watches ${bot} and writes to ${database} took the order, so it was withdrawn${othersThan(bot, database)}`,
      };
    const forgotten = { state: 'failed', settled: true, lines: ['the journal forgot the order'] } as const;
    const outcome = (records: Records) => orderOutcome(records, id, Date.now()) ?? forgotten;
    // The outcome is settled by then, whatever the channels do.
    const settled = await until((records) => {
      const now = outcome(records);
      return now.settled ? now : null;
    }, 2 * waitMs);
    const last = reader.withRecords(outcome);
    const { state, lines } = settled ?? (last.kind === 'known' ? last.value : forgotten);
    const line =
      order.kind === 'test-alert' && state !== 'refused'
        ? lines.map(oneLine).join('\n')
        : oneLine(`${order.kind}: ${lines}`);
    return { code: state === 'done' ? 0 : 1, line };
  } finally {
    reader.close();
  }
};

/** Takes an order back, unless a monitor has taken it by now. */
const withdraw = (database: string, id: number): Promise<boolean> =>
  changeRecords(database, lockMs, (records) => {
    records.finishOrder(id, Date.now(), withdrawn);
    return records.orderResult(id) === withdrawn;
  });
