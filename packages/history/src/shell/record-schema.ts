import type { DatabaseSync } from 'node:sqlite';
import { rollBack } from './sqlite.ts';

const tables = `
  CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS beats (
    id INTEGER PRIMARY KEY, bot TEXT NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL, status TEXT NOT NULL,
    session_active INTEGER NOT NULL, instance TEXT, age_ms INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS beats_by_bot ON beats (bot, id);
  CREATE INDEX IF NOT EXISTS beats_by_time ON beats (at);
  CREATE INDEX IF NOT EXISTS beats_by_bot_and_time ON beats (bot, at);
  CREATE TABLE IF NOT EXISTS spans (
    id INTEGER PRIMARY KEY, bot TEXT NOT NULL, state TEXT NOT NULL, from_at INTEGER NOT NULL, to_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS spans_in_order ON spans (bot, from_at, to_at, state);
  CREATE TABLE IF NOT EXISTS stalls (
    id INTEGER PRIMARY KEY, bot TEXT NOT NULL, from_at INTEGER NOT NULL, to_at INTEGER NOT NULL, mark TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS stalls_in_order ON stalls (bot, from_at);
  CREATE INDEX IF NOT EXISTS stalls_open ON stalls (bot) WHERE mark IS NOT NULL;
  CREATE TABLE IF NOT EXISTS days (
    bot TEXT NOT NULL, day INTEGER NOT NULL, state TEXT NOT NULL, ms INTEGER NOT NULL, PRIMARY KEY (bot, day, state)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS incidents (
    id INTEGER PRIMARY KEY, bot TEXT NOT NULL, started_at INTEGER NOT NULL, ended_at INTEGER,
    state TEXT NOT NULL, reason TEXT NOT NULL, ill_since INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS incidents_by_time ON incidents (started_at);
  CREATE INDEX IF NOT EXISTS incidents_by_bot_and_time ON incidents (bot, started_at);
  CREATE TABLE IF NOT EXISTS incident_notes (
    id INTEGER PRIMARY KEY, incident INTEGER NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS notes_by_incident ON incident_notes (incident);
  CREATE TABLE IF NOT EXISTS orders (
    id INTEGER PRIMARY KEY, bot TEXT NOT NULL, at INTEGER NOT NULL, kind TEXT NOT NULL, by TEXT NOT NULL,
    args TEXT NOT NULL, finished_at INTEGER, result TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS orders_pending ON orders (bot) WHERE finished_at IS NULL;
  CREATE TABLE IF NOT EXISTS alerts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, body TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS deliveries (
    alert INTEGER NOT NULL, channel TEXT NOT NULL, batch TEXT, attempts INTEGER NOT NULL DEFAULT 0,
    result TEXT, finished_at INTEGER, PRIMARY KEY (alert, channel)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS deliveries_pending ON deliveries (channel, alert) WHERE result IS NULL;
  CREATE TABLE IF NOT EXISTS delivery_counts (
    channel TEXT NOT NULL, result TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (channel, result)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS durations (
    name TEXT NOT NULL, label TEXT NOT NULL, upto INTEGER NOT NULL, count INTEGER NOT NULL, sum_ms INTEGER NOT NULL,
    PRIMARY KEY (name, label, upto)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS channels (
    name TEXT PRIMARY KEY, url_hash TEXT NOT NULL, dead_since INTEGER, dead_reason TEXT, next_at INTEGER NOT NULL,
    last_sent_at INTEGER, last_failure TEXT
  ) STRICT;
`;

export const journalTables: readonly string[] = [...tables.matchAll(/CREATE TABLE IF NOT EXISTS (\w+)/g)].map(
  ([, name = '']) => name,
);

const knowsIllSince = (database: DatabaseSync): boolean =>
  database.prepare("SELECT 1 FROM pragma_table_info('incidents') WHERE name = 'ill_since'").get() !==
  undefined;

/** A journal of a version before gets the column that it lacks; that version reads and writes it as before. */
const addIllSince = (database: DatabaseSync): void => {
  if (knowsIllSince(database)) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have added it meanwhile.
    if (!knowsIllSince(database)) database.exec('ALTER TABLE incidents ADD COLUMN ill_since INTEGER');
    database.exec('COMMIT');
  } catch (error) {
    rollBack(database);
    throw error;
  }
};

/** Makes all at once, in a database of which nobody else knows: it takes no room for a log beside it. */
export const createTables = (database: DatabaseSync): void =>
  database.exec(`BEGIN; ${tables} COMMIT; PRAGMA journal_mode = WAL`);

/** Makes what is not there yet. */
export const prepareTables = (database: DatabaseSync): void => {
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  database.exec(tables);
  addIllSince(database);
};
