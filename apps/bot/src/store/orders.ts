import type { DatabaseSync } from 'node:sqlite';
import type { Order } from '../broker/broker.ts';
import { transaction } from './database.ts';
import { tradedForGood } from './signals.ts';

/** `in-hand`: perhaps sent, outcome not known yet. The other three are final. */
type OrderState = 'in-hand' | 'filled' | 'rejected' | 'abandoned';

/** `dated`: it carries its own time, so that after two years its age is enough to refuse it. */
type OrderedSignal = { readonly id: string; readonly dated: boolean };

/**
 * The bot's own record of orders. An order is written here before it goes to the broker, so that after a crash at any
 * point the bot knows which orders it has to ask the broker about.
 */
export const ordersOf = (database: DatabaseSync) => {
  const insert = database.prepare("INSERT INTO orders VALUES (?, ?, ?, ?, ?, 'in-hand', NULL, ?)");
  const remember = database.prepare("INSERT INTO signals VALUES (?, ?, 'ordered')");
  const update = database.prepare('UPDATE orders SET state = ?, detail = ? WHERE id = ?');
  const inHand = database.prepare("SELECT body, at FROM orders WHERE state = 'in-hand' ORDER BY at, id");
  const count = database.prepare(
    "SELECT count(*) n FROM orders WHERE day = ? AND state IN ('in-hand', 'filled')",
  );
  const all = database.prepare('SELECT id, state FROM orders ORDER BY at, id');
  // One without a time of its own looks like a new one whenever it shows: its id is all that is kept of it, for good.
  const keepSignals = database.prepare(
    `INSERT INTO signals SELECT signal_id, at, '${tradedForGood}' FROM orders
     WHERE at < ? AND state <> 'in-hand' AND dated = 0 ON CONFLICT (id) DO UPDATE SET outcome = excluded.outcome`,
  );
  const drop = database.prepare("DELETE FROM orders WHERE at < ? AND state <> 'in-hand'");
  return {
    /** Takes the order in hand and marks its signal as dealt with, both or neither. Throws if either was there already. */
    take: (order: Order, signal: OrderedSignal, at: number, day: string) =>
      transaction(database, () => {
        remember.run(signal.id, at);
        insert.run(order.id, signal.id, at, day, JSON.stringify(order), signal.dated ? 1 : 0);
      }),
    settle: (id: string, state: Exclude<OrderState, 'in-hand'>, detail: unknown) =>
      void update.run(state, JSON.stringify(detail), id),
    inHand: (): { order: Order; at: number }[] =>
      (inHand.all() as { body: string; at: number }[]).map(({ body, at }) => ({
        order: JSON.parse(body) as Order,
        at,
      })),
    countOn: (day: string): number => (count.get(day) as { n: number }).n,
    /** Lets go of orders from before, but for those in hand. None of their signals can become an order again. */
    prune: (before: number): void =>
      transaction(database, () => {
        keepSignals.run(before);
        drop.run(before);
      }),
    list: () => all.all() as { id: string; state: OrderState }[],
  };
};
