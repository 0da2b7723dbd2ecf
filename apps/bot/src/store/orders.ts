import type { DatabaseSync } from 'node:sqlite';
import type { Order } from '../broker/broker.ts';
import { transaction } from './database.ts';

/** `in-hand`: perhaps sent, outcome not known yet. The other three are final. */
export type OrderState = 'in-hand' | 'filled' | 'rejected' | 'abandoned';

/**
 * The bot's own book of orders. An order is written here before it goes to the broker, so that after a crash at any
 * point the bot knows which orders it has to ask the broker about.
 */
export const ordersOf = (database: DatabaseSync) => {
  const insert = database.prepare("INSERT INTO orders VALUES (?, ?, ?, ?, ?, 'in-hand', NULL)");
  const remember = database.prepare("INSERT INTO signals VALUES (?, ?, 'ordered')");
  const update = database.prepare('UPDATE orders SET state = ?, detail = ? WHERE id = ?');
  const inHand = database.prepare("SELECT body, at FROM orders WHERE state = 'in-hand' ORDER BY at, id");
  const count = database.prepare(
    "SELECT count(*) n FROM orders WHERE day = ? AND state IN ('in-hand', 'filled')",
  );
  const all = database.prepare('SELECT id, state FROM orders ORDER BY at, id');
  return {
    /** Takes the order in hand and marks its signal as dealt with, both or neither. Throws if either was there already. */
    take: (order: Order, signalId: string, at: number, day: string) =>
      transaction(database, () => {
        remember.run(signalId, at);
        insert.run(order.id, signalId, at, day, JSON.stringify(order));
      }),
    settle: (id: string, state: Exclude<OrderState, 'in-hand'>, detail: unknown) =>
      void update.run(state, JSON.stringify(detail), id),
    inHand: (): { order: Order; at: number }[] =>
      (inHand.all() as { body: string; at: number }[]).map(({ body, at }) => ({
        order: JSON.parse(body) as Order,
        at,
      })),
    countOn: (day: string): number => (count.get(day) as { n: number }).n,
    list: () => all.all() as { id: string; state: OrderState }[],
  };
};
