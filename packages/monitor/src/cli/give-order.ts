import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { oneLine } from '@sentinel/heartbeat-core';
import { isRefusal, openRecords, orderOutcome } from '@sentinel/history';
import type { PersonCommand } from '../core/input.ts';

type Outcome = { readonly code: number; readonly line: string };

/**
 * Gives an order to the monitor that watches the bot and waits until it was carried out. Exit code 1: it was refused,
 * there is no journal to give it by, or nobody took it in time; then it is withdrawn, so that no monitor restarts a bot hours later.
 * Of a test alert it tells what became of it on each channel, and the code is 1 if one did not take it.
 *
 * @param waitMs how long to wait for a monitor, in ms.
 */
export const giveOrder = async (
  database: string,
  bot: string,
  order: Omit<PersonCommand, 'at'>,
  waitMs = 8000,
): Promise<Outcome> => {
  // Opening it would make one, and no monitor would read it.
  if (!existsSync(database))
    return {
      code: 1,
      line: `${order.kind}: no monitor has a journal at ${database}: start one, or give the SENTINEL_DB of the one that runs`,
    };
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

const notDone = 'Nothing was ordered: give the order again then.';
const mayBeDone =
  'The order was given, and it is not known what became of it: `sentinel-monitor status` says how the bot is.';

const wayOut =
  ' If that cannot be: see that no bot runs, then `sentinel-monitor reset --set-aside` moves the journal away, and the monitor begins a new one.';

/** What keeps the journal from taking an order, and what to do. */
const refusalOf = (error: unknown, database: string): string => {
  const { errcode, message } = error as { readonly errcode?: number; readonly message?: string };
  // BUSY and LOCKED.
  return [5, 6].includes((errcode ?? 0) & 0xff)
    ? `another process locks the journal ${database} (a copy, a backup or a database tool, say): wait until it is done, or end it`
    : `the journal ${database} takes no order (${message}): look at the disk's space and the file's owner`;
};

const give = async (
  database: string,
  bot: string,
  order: Omit<PersonCommand, 'at'>,
  waitMs: number,
  onGiven: () => void,
): Promise<Outcome> => {
  const records = openRecords(database);
  try {
    const id = records.addOrder({ ...order, bot, at: Date.now() });
    onGiven();
    const outcome = () => orderOutcome(records, id, Date.now());
    let deadline = performance.now() + waitMs;
    while (records.orderResult(id) === null && performance.now() < deadline) await sleep(50);
    if (records.orderResult(id) === null) {
      records.finishOrder(id, Date.now(), 'withdrawn: no monitor took it');
      return {
        code: 1,
        line: `${order.kind}: no monitor that watches ${bot} and writes to ${database} took the order, so it was withdrawn`,
      };
    }
    // The outcome is settled by then, whatever the channels do.
    deadline = performance.now() + 2 * waitMs;
    while (outcome()?.settled === false && performance.now() < deadline) await sleep(50);
    const { state, lines } = outcome() ?? { state: 'failed', lines: ['the journal forgot the order'] };
    const line =
      order.kind === 'test-alert' && state !== 'refused'
        ? lines.map(oneLine).join('\n')
        : oneLine(`${order.kind}: ${lines}`);
    return { code: state === 'done' ? 0 : 1, line };
  } finally {
    records.close();
  }
};
