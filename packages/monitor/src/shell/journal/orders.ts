import type { Records } from '@sentinel/history';
import type { PersonCommand } from '../../core/input.ts';
import type { Parts } from './parts.ts';

export type PendingOrder = PersonCommand & { readonly id: number; readonly bot: string };

/** What is ordered by others. */
export type OrderJournal = {
  /** The orders that wait. */
  readonly poll: () => readonly PendingOrder[];
  /** Whether another process has written since the last poll. */
  readonly hasNews: () => boolean;
  readonly finish: (order: { readonly id: number; readonly result: string }, at: number) => void;
  /** Whether an order still waits: whoever gave it may have withdrawn it. */
  readonly waits: (order: number) => boolean;
};

const mostOrders = 100;

/** The orders that wait. One that nobody can read is finished here: it would be met again with each look. */
const takeReadable = (records: Records, at: number) => {
  const readable: PendingOrder[] = [];
  const broken: Omit<PendingOrder, 'args'>[] = [];
  for (const { args, ...order } of records.pendingOrders(undefined, mostOrders))
    if (args === null) broken.push(order);
    else readable.push({ ...order, args });
  for (const { id } of broken)
    records.finishOrder(id, at, 'refused: it cannot be read in the journal, give it again');
  return { readable, broken };
};

export const ordersOn = ({ store, wall }: Parts, warn: (line: string) => void): OrderJournal => {
  let pending: readonly PendingOrder[] = [];
  let lookedAt: string | null = null;
  return {
    poll: () => {
      const mark = store.mark();
      // Orders come from other processes: while nobody else wrote there is no new one, and nothing to open the file for.
      if (mark !== null && mark === lookedAt && pending.length === 0) return pending;
      const found = store.transact((records) => takeReadable(records, wall()), null);
      lookedAt = found === null ? null : mark;
      pending = found?.readable ?? [];
      for (const { id, kind, bot, by } of found?.broken ?? [])
        warn(
          `Order ${id} (${kind} of ${bot} by ${by}) cannot be read: it is refused, and the others are carried out`,
        );
      return pending;
    },
    hasNews: () => {
      const mark = store.mark();
      return mark !== null && mark !== lookedAt;
    },
    finish: ({ id, result }, at) => {
      store.write((records) => records.finishOrder(id, at, result));
      store.flush();
    },
    waits: (order) => store.transact((records) => records.orderResult(order) === null, true),
  };
};
