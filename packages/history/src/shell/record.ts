import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { foreignFolder, identityOf, makeFolder, requirePlainFiles } from '@sentinel/heartbeat-core';
import { makeJournal } from './new-journal.ts';
import { beatsOn } from './record-beats.ts';
import { channelsOn } from './record-channels.ts';
import { durationsOn } from './record-durations.ts';
import { incidentsOn } from './record-incidents.ts';
import { ordersOn } from './record-orders.ts';
import { outboxOn } from './record-outbox.ts';
import { prepareTables } from './record-schema.ts';
import { strikeSecrets } from './record-secrets.ts';
import { stateOn, supervisionOn } from './record-supervision.ts';
import { requireHeader, requireTables } from './sqlite.ts';
import { tablesOf } from './tables.ts';

/** What happened to the bots, row by row. Instants are ms since the epoch. Throws what SQLite throws. */
export type Records = ReturnType<typeof stateOn> &
  ReturnType<typeof supervisionOn> &
  ReturnType<typeof outboxOn> &
  ReturnType<typeof channelsOn> &
  ReturnType<typeof incidentsOn> &
  ReturnType<typeof durationsOn> &
  ReturnType<typeof ordersOn> &
  ReturnType<typeof beatsOn> & {
    /** Strikes secrets out of the texts that are kept. In how many they stood. */
    readonly strikeSecrets: (secrets: readonly string[]) => number;
    readonly close: () => void;
  };

/**
 * Opens the records in the journal at `file`. With `readOnly` nothing is made or changed, and a file that is not
 * there is an error.
 *
 * @throws Error of SQLite when the file cannot be opened or is no journal.
 */
export const openRecords = (
  file: string,
  options: {
    readonly readOnly?: boolean;
    /** How long a writer waits for another one, in ms; nothing else goes on meanwhile. Default: 5,000. */
    readonly lockWaitMs?: number;
  } = {},
): Records => {
  const { readOnly = false, lockWaitMs = 5000 } = options;
  requireSafe(file);
  // A reader does not wait for a lock: what it cannot have now it asks for a moment later.
  if (readOnly) return recordsOn(openWith(file, { readOnly, timeout: 50 }, requireTables));
  return recordsOn(openDatabase(file, { timeout: lockWaitMs }));
};

/** The files that SQLite opens by itself, and follows links of. */
const parts = ['', '-wal', '-shm', '-journal'];

/**
 * Whoever may write into the folder could lay a link there, or watch what root makes in it: SQLite makes files beside a
 * journal for a reader, too. An empty file is not opened either.
 */
export const requireSafe = (file: string): void => {
  const foreign = foreignFolder(file);
  if (foreign !== null)
    throw Object.assign(new Error(`${foreign}: ask as that user`), {
      code: 'EPERM',
      syscall: 'open',
      errstr: `${foreign}: ask as that user`,
    });
  requirePlainFiles(...parts.map((part) => file + part));
  requireHeader(file);
};

const openWith = (
  file: string,
  options: { readonly timeout: number; readonly readOnly?: boolean },
  prepare: (database: DatabaseSync) => void,
): DatabaseSync => {
  const database = new DatabaseSync(file, options);
  try {
    prepare(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

/** Opens the database of a journal, to write in. One that is not there is made. */
export const openDatabase = (file: string, options: { readonly timeout: number }): DatabaseSync => {
  requireSafe(file);
  makeFolder(dirname(file));
  if (identityOf(file) === null) makeJournal(file);
  return openWith(file, options, (database) => {
    requireTables(database);
    prepareTables(database);
  });
};

/** The records in a database that has the tables already. */
export const recordsOn = (database: DatabaseSync): Records => {
  const tables = tablesOf(database);
  const state = stateOn(tables);
  return {
    ...state,
    ...supervisionOn(state),
    ...outboxOn(tables),
    ...channelsOn(tables),
    ...incidentsOn(tables),
    ...durationsOn(tables),
    ...ordersOn(tables),
    ...beatsOn(tables),
    strikeSecrets: (secrets) => strikeSecrets(tables, secrets),
    close: () => database.close(),
  };
};
