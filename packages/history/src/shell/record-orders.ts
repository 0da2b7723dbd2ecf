import { objectIn, oneLine, parseJson } from '@sentinel/heartbeat-core';
import type { ListQuery } from './record-lists.ts';
import { beyond, mostNumber, type Tables } from './tables.ts';

type OrderRow = {
  readonly id: number;
  readonly bot: string;
  readonly at: number;
  readonly kind: string;
  readonly by: string;
  readonly args: Readonly<Record<string, unknown>>;
};

/** An order as it stands in the journal; `args` is `null` where nobody can read it: it was not written by us. */
type PendingOrderRow = Omit<OrderRow, 'args'> & { readonly args: OrderRow['args'] | null };

/** An order with what came of it; `null` while nobody has taken it. */
export type FinishedOrder = Omit<OrderRow, 'args'> & {
  readonly finishedAt: number | null;
  readonly result: string | null;
};

/** A key that stands twice is refused as everywhere: nobody knows which one was meant. */
const argsOf = (text: string): OrderRow['args'] | null => {
  try {
    parseJson(text);
    return objectIn(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
};
/** Nobody's name is longer, and no order has more to say; in characters. */
const mostNamed = 200;
const mostArgs = 10_000;

/** What a name is shown as, of a column that somebody else may have filled with anything. */
const nameIn = (column: string) => `substr(${column}, 1, ${mostNamed}) AS ${column}`;

/** The columns of an order, none of them longer than what is carried through logs and messages. */
const columns = `id, ${nameIn('bot')}, at, ${nameIn('kind')}, ${nameIn('by')}, finished_at,
  substr(result, 1, 4000) AS result, CASE WHEN length(args) <= ${mostArgs} THEN args ELSE '' END AS args`;

const orderOf = (row: Record<string, unknown>) => ({
  id: Number(row.id),
  bot: String(row.bot),
  at: Number(row.at),
  kind: oneLine(String(row.kind)),
  by: oneLine(String(row.by)),
});

const finishedOf = (row: Record<string, unknown>): FinishedOrder => ({
  ...orderOf(row),
  finishedAt: typeof row.finished_at === 'number' ? row.finished_at : null,
  result: typeof row.result === 'string' ? row.result : null,
});

export const ordersOn = (tables: Tables) => ({
  /** Its number follows the largest one that can be right. */
  addOrder: ({ bot, at, kind, by, args }: Omit<OrderRow, 'id'>): number =>
    tables.run(
      `INSERT INTO orders (id, bot, at, kind, by, args)
           VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM orders WHERE id < ${mostNumber}), ?, ?, ?, ?, ?)`,
      bot,
      Math.round(at),
      kind,
      by,
      JSON.stringify(args),
    ).lastInsertRowid,
  /**
   * The newest orders that nobody has finished, the oldest of them first; of every bot without `bot`. One that cannot be
   * read is among them: it must not hold the others up, and whoever takes them can say so.
   */
  pendingOrders: (bot?: string, limit = 100): readonly PendingOrderRow[] =>
    tables
      .all(
        `SELECT ${columns} FROM orders WHERE (? IS NULL OR bot = ?) AND finished_at IS NULL
           AND (${beyond(['id', 'at'])}) IS NOT TRUE ORDER BY id DESC LIMIT ?`,
        bot ?? null,
        bot ?? null,
        limit,
      )
      .reverse()
      .map((row) => ({ ...orderOf(row), args: argsOf(String(row.args)) })),
  finishOrder: (id: number, at: number, result: string): void =>
    void tables.run(
      'UPDATE orders SET finished_at = ?, result = ? WHERE id = ? AND finished_at IS NULL',
      Math.round(at),
      result,
      id,
    ),
  /** What came of an order; `null` while nobody has taken it. */
  orderResult: (id: number): string | null => {
    const result = tables.get('SELECT result FROM orders WHERE id = ?', id)?.result;
    return typeof result === 'string' ? result : null;
  },
  /** Orders of a time, the oldest first; of every bot without `bot`. */
  ordersOf: ({ bot, since = 0, until, limit }: ListQuery): readonly FinishedOrder[] =>
    tables
      .all(
        `SELECT ${columns} FROM orders WHERE (? IS NULL OR bot = ?) AND at >= ? AND at < ?
           AND (${beyond(['id', 'at'])}) IS NOT TRUE ORDER BY id DESC LIMIT ?`,
        bot ?? null,
        bot ?? null,
        since,
        until ?? mostNumber,
        limit,
      )
      .reverse()
      .map(finishedOf),
  /** An order of any age; `null`: there is none of this number. */
  order: (id: number): FinishedOrder | null => {
    const row = tables.get(`SELECT ${columns} FROM orders WHERE id = ?`, id);
    return row === undefined ? null : finishedOf(row);
  },
});
