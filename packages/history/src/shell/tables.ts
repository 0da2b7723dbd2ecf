import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { oneLine } from '@sentinel/heartbeat-core';
import { journalTables } from './record-schema.ts';

/** The last instant that a date can hold, in ms. No number that we write is larger, and each is exact in a program. */
export const mostNumber = 8.64e15;

/** Longer texts are for people and are cut, in characters: of what we write none is as long. */
const mostCharacters = 4000;

/** A condition of SQL: one of these columns holds a number that cannot be right. The plus: no index is looked through for it. */
export const beyond = (columns: readonly string[]): string =>
  columns.map((column) => `+"${column}" NOT BETWEEN -${mostNumber} AND ${mostNumber}`).join(' OR ');

/** A text that is for people, as somebody else may have written it. */
export const shortText = (value: SQLOutputValue | undefined, most = mostCharacters): string =>
  String(value).slice(0, most);

type Row = Record<string, SQLOutputValue>;

/** A prepared statement that meets no number which it cannot give. */
type Statement = {
  readonly all: (...values: SQLInputValue[]) => Row[];
  readonly get: (...values: SQLInputValue[]) => Row | undefined;
  readonly run: (...values: SQLInputValue[]) => {
    readonly changes: number;
    readonly lastInsertRowid: number;
  };
};

/** The tables of a journal. Somebody else may have written into them. */
export type Tables = {
  readonly run: (sql: string, ...values: SQLInputValue[]) => ReturnType<Statement['run']>;
  readonly get: (sql: string, ...values: SQLInputValue[]) => ReturnType<Statement['get']>;
  readonly all: (sql: string, ...values: SQLInputValue[]) => ReturnType<Statement['all']>;
};

/** Whether all its numbers are such as we write. Big ones are made plain. */
const isPlain = (row: Row): boolean => {
  for (const key in row) {
    const value = row[key];
    if (typeof value !== 'number' && typeof value !== 'bigint') continue;
    if (value > mostNumber || value < -mostNumber) return false;
    if (typeof value === 'bigint') row[key] = Number(value);
  }
  return true;
};

/** A number is in what was asked for that Node gives as a big one only, which takes ten times as long for all of them. */
const isTooBig = (error: unknown): boolean =>
  error instanceof RangeError && (error as NodeJS.ErrnoException).code === 'ERR_OUT_OF_RANGE';

/**
 * Reads a database so that one row with a number beyond all instants hides no other one: such a row is as good as not
 * there. SQLite's own reading throws at it, for the whole of an answer.
 */
export const tablesOf = (database: DatabaseSync): Tables => {
  // Each holds memory that no garbage collector sees, and there are few: all values are bound.
  const prepared = new Map<string, Statement>();
  const prepare = (sql: string) => {
    const known = prepared.get(sql) ?? statementOf(database, sql);
    prepared.set(sql, known);
    return known;
  };
  return {
    run: (sql, ...values) => prepare(sql).run(...values),
    get: (sql, ...values) => prepare(sql).get(...values),
    all: (sql, ...values) => prepare(sql).all(...values),
  };
};

const statementOf = (database: DatabaseSync, sql: string): Statement => {
  const statement = database.prepare(sql);
  const read = <Value>(work: () => Value): Value => {
    try {
      return work();
    } catch (error) {
      if (!isTooBig(error)) throw error;
      statement.setReadBigInts(true);
      try {
        return work();
      } finally {
        statement.setReadBigInts(false);
      }
    }
  };
  return {
    all: (...values) => (read(() => statement.all(...values)) as Row[]).filter(isPlain),
    get: (...values) => {
      const row = read(() => statement.get(...values)) as Row | undefined;
      return row !== undefined && isPlain(row) ? row : undefined;
    },
    run: (...values) => {
      const { changes, lastInsertRowid } = statement.run(...values);
      return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
    },
  };
};

/** Rows of one table that were taken out, and what is known of them. */
export type Removed = { readonly table: string; readonly count: number; readonly what: readonly string[] };

/** So many are named; the others are counted. */
const mostNamed = 5;

/** What a row of an order says of itself: whoever gave it wants to know that it was refused. */
const named = (table: string, column: string) =>
  table === 'orders'
    ? "substr(kind, 1, 40) || ' by ' || substr(by, 1, 40) || ' for ' || substr(bot, 1, 40)"
    : `'row ' || "${column}"`;

const removeFrom = (tables: Tables, table: string): Removed | null => {
  const columns = tables
    .all("SELECT name FROM pragma_table_info(?) WHERE type = 'INTEGER' ORDER BY cid", table)
    .map(({ name }) => String(name));
  const [first] = columns;
  if (first === undefined) return null;
  const broken = beyond(columns);
  const what = tables.all(
    `SELECT ${named(table, first)} AS what FROM ${table} WHERE ${broken} LIMIT ${mostNamed}`,
  );
  if (what.length === 0) return null;
  const count = tables.run(`DELETE FROM ${table} WHERE ${broken}`).changes;
  return { table, count, what: what.map((row) => oneLine(String(row.what))) };
};

/**
 * Takes out every row with a number that cannot be right. Left where they are, one of them would be the last beat, the
 * span that goes on or the number after which the next row is counted.
 */
export const removeBroken = (tables: Tables): readonly Removed[] => {
  const removed = journalTables.flatMap((table) => removeFrom(tables, table) ?? []);
  // SQLite counts on from the largest number that an alert ever had.
  if (removed.some(({ table }) => table === 'alerts'))
    tables.run(
      "UPDATE sqlite_sequence SET seq = (SELECT COALESCE(MAX(id), 0) FROM alerts) WHERE name = 'alerts'",
    );
  return removed;
};

export const textOrNull = (value: SQLInputValue | undefined) => (typeof value === 'string' ? value : null);
