import type { DatabaseSync } from 'node:sqlite';
import type { Bracket, Exit, Side } from '../core/fill.ts';
import { openDatabase, transaction } from '../store/database.ts';
import type { Closed, Order, Placed } from './broker.ts';

const migrations = [
  `CREATE TABLE orders (id TEXT PRIMARY KEY, at INTEGER NOT NULL, outcome TEXT NOT NULL) STRICT;
   CREATE TABLE positions (
     order_id TEXT PRIMARY KEY, symbol TEXT NOT NULL, side TEXT NOT NULL, quantity INTEGER NOT NULL,
     entry REAL NOT NULL, target REAL NOT NULL, stop REAL NOT NULL, fee REAL NOT NULL
   ) STRICT;
   CREATE TABLE closed (
     seq INTEGER PRIMARY KEY AUTOINCREMENT, order_id TEXT NOT NULL UNIQUE, symbol TEXT NOT NULL, side TEXT NOT NULL,
     quantity INTEGER NOT NULL, entry REAL NOT NULL, exit REAL NOT NULL, profit REAL NOT NULL, why TEXT NOT NULL,
     at INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE numbers (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;`,
];

export type Position = Bracket & { readonly orderId: string; readonly symbol: string; readonly fee: number };

type Row = { order_id: string; symbol: string; side: Side; quantity: number; entry: number };
type PositionRow = Row & { target: number; stop: number; fee: number };
type ClosedRow = Row & { seq: number; exit: number; profit: number; why: Exit['why']; at: number };

/** The number under which the profit stands of positions that are no longer kept, in cents. */
const prunedCents = 'prunedCents';

const camel = <T extends Row>({ order_id: orderId, ...rest }: T) => ({ orderId, ...rest });

const reads = (database: DatabaseSync) => {
  const order = database.prepare('SELECT outcome FROM orders WHERE id = ?');
  const positions = database.prepare('SELECT * FROM positions ORDER BY rowid');
  const closed = database.prepare('SELECT * FROM closed WHERE seq > ? ORDER BY seq LIMIT 500');
  const total = database.prepare('SELECT coalesce(round(sum(profit), 2), 0) n FROM closed');
  const number = database.prepare('SELECT value FROM numbers WHERE key = ?');
  const earlier = () => ((number.get(prunedCents) as { value: number } | undefined)?.value ?? 0) / 100;
  return {
    outcomeOf: (id: string): Placed | null => {
      const row = order.get(id) as { outcome: string } | undefined;
      return row === undefined ? null : (JSON.parse(row.outcome) as Placed);
    },
    positions: (): Position[] => (positions.all() as PositionRow[]).map((row) => camel(row)),
    closedAfter: (seq: number): Closed[] => (closed.all(seq) as ClosedRow[]).map((row) => camel(row)),
    profit: (): number => Math.round(((total.get() as { n: number }).n + earlier()) * 100) / 100,
    number: (key: string): number | undefined => (number.get(key) as { value: number } | undefined)?.value,
  };
};

const pruneOf = (database: DatabaseSync) => {
  const count = database.prepare(
    `INSERT INTO numbers
     SELECT '${prunedCents}', CAST(coalesce(round(sum(profit) * 100), 0) AS INTEGER) FROM closed WHERE at < ? AND seq <= ?
     ON CONFLICT (key) DO UPDATE SET value = value + excluded.value`,
  );
  const dropClosed = database.prepare('DELETE FROM closed WHERE at < ? AND seq <= ?');
  const dropOrders = database.prepare(
    `DELETE FROM orders WHERE at < ? AND id NOT IN (SELECT order_id FROM positions)
       AND id NOT IN (SELECT order_id FROM closed)`,
  );
  return (before: number, reported: number): void =>
    transaction(database, () => {
      count.run(before, reported);
      dropClosed.run(before, reported);
      dropOrders.run(before);
    });
};

/** The paper broker's account on disk: orders by id, open positions, closed ones with their profit. */
export const openPaperAccount = (file: string) => {
  const database = openDatabase(file, migrations);
  const addOrder = database.prepare('INSERT INTO orders VALUES (?, ?, ?)');
  const open = database.prepare('INSERT INTO positions VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
  const drop = database.prepare('DELETE FROM positions WHERE order_id = ?');
  const addClosed = database.prepare(
    `INSERT INTO closed (order_id, symbol, side, quantity, entry, exit, profit, why, at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const setNumber = database.prepare(
    'INSERT INTO numbers VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  return {
    ...reads(database),
    prune: pruneOf(database),
    database,
    setNumber: (key: string, value: number) => void setNumber.run(key, value),
    record: (order: Order, outcome: Placed, at: number) => {
      addOrder.run(order.id, at, JSON.stringify(outcome));
      if (outcome.kind !== 'filled') return;
      const { id, symbol, side, quantity, target, stop } = order;
      open.run(id, symbol, side, quantity, outcome.price, target, stop, outcome.fee);
    },
    close: ({ orderId, symbol, side, quantity, entry }: Position, exit: Exit, profit: number, at: number) => {
      drop.run(orderId);
      addClosed.run(orderId, symbol, side, quantity, entry, exit.price, profit, exit.why, at);
    },
  };
};
