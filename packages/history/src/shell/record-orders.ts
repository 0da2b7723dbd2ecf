import { oneLine } from '@sentinel/heartbeat-core';
import { beyond, mostNumber, type Tables } from './tables.ts';

export type OrderRow = {
  readonly id: number;
  readonly bot: string;
  readonly at: number;
  readonly kind: string;
  readonly by: string;
  readonly args: Readonly<Record<string, unknown>>;
};

/** An order as it stands in the journal; `args` is `null` where nobody can read it: it was not written by us. */
export type PendingOrderRow = Omit<OrderRow, 'args'> & { readonly args: OrderRow['args'] | null };

/** What is no JSON was not written by us: then nothing is known, and the caller begins anew. */
export const parseOr = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
};

const argsOf = (text: string): OrderRow['args'] | null => {
  const args = parseOr(text);
  const isObject = typeof args === 'object' && args !== null && !Array.isArray(args);
  return isObject ? (args as OrderRow['args']) : null;
};

/** Nobody's name is longer, and no order has more to say; in characters. */
const mostNamed = 200;
const mostArgs = 10_000;

/** What a name is shown as, of a column that somebody else may have filled with anything. */
const nameIn = (column: string) => `substr(${column}, 1, ${mostNamed}) AS ${column}`;

/** The columns of an order, none of them longer than what is carried through logs and messages. */
export const orderColumns = `id, ${nameIn('bot')}, at, ${nameIn('kind')}, ${nameIn('by')}, finished_at,
  substr(result, 1, 4000) AS result, CASE WHEN length(args) <= ${mostArgs} THEN args ELSE '' END AS args`;

/** One that cannot be read is among them: it must not hold the others up, and whoever takes them can say so. */
export const pendingOrders = (
  tables: Tables,
  bot: string | undefined,
  limit: number,
): readonly PendingOrderRow[] =>
  tables
    .prepare(
      `SELECT ${orderColumns} FROM orders WHERE (?1 IS NULL OR bot = ?1) AND finished_at IS NULL
         AND (${beyond(['id', 'at'])}) IS NOT TRUE ORDER BY id DESC LIMIT ?2`,
    )
    .all(bot ?? null, limit)
    .reverse()
    .map((row) => ({
      id: Number(row.id),
      bot: String(row.bot),
      at: Number(row.at),
      kind: oneLine(String(row.kind)),
      by: oneLine(String(row.by)),
      args: argsOf(String(row.args)),
    }));

/** Its number follows the largest one that can be right. */
export const addOrder = (tables: Tables, { bot, at, kind, by, args }: Omit<OrderRow, 'id'>): number =>
  tables
    .prepare(
      `INSERT INTO orders (id, bot, at, kind, by, args)
         VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM orders WHERE id < ${mostNumber}), ?, ?, ?, ?, ?)`,
    )
    .run(bot, Math.round(at), kind, by, JSON.stringify(args)).lastInsertRowid;
