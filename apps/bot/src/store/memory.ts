import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from './database.ts';
import { firstSeenOf } from './first-seen.ts';
import { inboxOf } from './inbox.ts';
import { ordersOf } from './orders.ts';
import { resultsOf } from './results.ts';
import { signalsOf } from './signals.ts';

const migrations = [
  `CREATE TABLE signals (id TEXT PRIMARY KEY, at INTEGER NOT NULL, outcome TEXT NOT NULL) STRICT;
   CREATE TABLE orders (
     id TEXT PRIMARY KEY, signal_id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, day TEXT NOT NULL,
     body TEXT NOT NULL, state TEXT NOT NULL, detail TEXT
   ) STRICT;
   CREATE INDEX orders_by_state ON orders (state);
   CREATE INDEX orders_by_day ON orders (day);
   CREATE TABLE results (seq INTEGER PRIMARY KEY, day TEXT NOT NULL, profit REAL NOT NULL) STRICT;
   CREATE TABLE inbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
   CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;`,
  'CREATE TABLE first_seen (id TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;',
  `CREATE TABLE results_by_book (
     book TEXT NOT NULL, seq INTEGER NOT NULL, day TEXT NOT NULL, profit REAL NOT NULL, PRIMARY KEY (book, seq)
   ) STRICT;
   INSERT INTO results_by_book SELECT '', seq, day, profit FROM results;
   DROP TABLE results;
   ALTER TABLE results_by_book RENAME TO results;
   CREATE INDEX results_by_day ON results (day);`,
  'ALTER TABLE orders ADD COLUMN dated INTEGER NOT NULL DEFAULT 0',
];

const factsOf = (database: DatabaseSync) => {
  const read = database.prepare('SELECT value FROM facts WHERE key = ?');
  const write = database.prepare(
    'INSERT INTO facts VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  return {
    get: (key: string): unknown => {
      const row = read.get(key) as { value: string } | undefined;
      return row === undefined ? undefined : JSON.parse(row.value);
    },
    set: (key: string, value: unknown) => void write.run(key, JSON.stringify(value)),
  };
};

/** What the bot must still know after a crash: signals seen, orders in hand, results reported, login attempts. */
export const openMemory = (file: string) => {
  const database = openDatabase(file, migrations);
  return {
    signals: signalsOf(database),
    firstSeen: firstSeenOf(database),
    orders: ordersOf(database),
    results: resultsOf(database),
    inbox: inboxOf(database),
    facts: factsOf(database),
    close: () => database.close(),
  };
};

export type Memory = ReturnType<typeof openMemory>;
