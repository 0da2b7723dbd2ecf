import { setTimeout as sleep } from 'node:timers/promises';
import { openRecords } from '@sentinel/history';
import type { Order } from './journal.ts';

/** Every request waits while SQLite waits: for no longer than this, in ms. */
const lockWaitMs = 50;
const tries = 8;
const betweenTriesMs = 200;

/** BUSY and LOCKED of SQLite: somebody else writes just now. */
const isLocked = (error: unknown) => [5, 6].includes(((error as { errcode?: number }).errcode ?? 0) & 0xff);

/** Writes an order down, and gives its id. A journal that is locked is tried again a few times; then it throws. */
export const writeOrder = async (
  file: string,
  order: Order & { readonly at: number },
  pause: (ms: number) => Promise<unknown> = sleep,
): Promise<number> => {
  for (let left = tries - 1; ; left -= 1)
    try {
      return writeOnce(file, order);
    } catch (error) {
      if (left === 0 || !isLocked(error)) throw error;
      await pause(betweenTriesMs);
    }
};

const writeOnce = (file: string, order: Order & { readonly at: number }): number => {
  const writer = openRecords(file, { lockWaitMs });
  try {
    return writer.addOrder(order);
  } finally {
    writer.close();
  }
};
