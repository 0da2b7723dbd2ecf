import type { DatabaseSync } from 'node:sqlite';

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

const argsOf = (text: string, at: number): OrderRow['args'] | null => {
  const args = parseOr(text);
  const isObject = typeof args === 'object' && args !== null && !Array.isArray(args);
  return isObject && Number.isFinite(at) ? (args as OrderRow['args']) : null;
};

/** One that cannot be read is among them: it must not hold the others up, and whoever takes them can say so. */
export const pendingOrders = (
  database: DatabaseSync,
  bot: string | undefined,
  limit: number,
): readonly PendingOrderRow[] =>
  database
    .prepare(
      'SELECT * FROM orders WHERE (?1 IS NULL OR bot = ?1) AND finished_at IS NULL ORDER BY id DESC LIMIT ?2',
    )
    .all(bot ?? null, limit)
    .reverse()
    .map((row) => ({
      id: Number(row.id),
      bot: String(row.bot),
      at: Number(row.at),
      kind: String(row.kind),
      by: String(row.by),
      args: argsOf(String(row.args), Number(row.at)),
    }));
