import { unlinkSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { isRefusal } from '../core/store-trouble.ts';
import { identityOf, journalIdentity } from './file-identity.ts';
import { movedTo } from './move-aside.ts';
import { openDatabase, type Records, recordsOn } from './record.ts';
import { checkWhole, saveLog } from './sqlite.ts';
import { type Tables, tablesOf } from './tables.ts';

/** A journal as it is open now. */
export type Open = {
  readonly database: DatabaseSync;
  readonly tables: Tables;
  readonly records: Records;
  /** SQLite's own count of what other connections have committed. */
  readonly version: StatementSync;
  /** The count up to which broken rows were taken out. */
  cleanUpTo: unknown;
};

/**
 * Another file was laid in the place of one that was in use, and the `-wal` and `-shm` of that one still stand beside it: SQLite would
 * read them as its own, and the journal would be a mixture of both.
 *
 * @param parts of the file that was in use.
 */
const dropParts = (file: string, parts: string): void => {
  const [main, wal, shm] = parts.split(' ');
  const there = identityOf(file);
  if (there === null || there === main) return;
  for (const [part, known] of [
    [`${file}-wal`, wal],
    [`${file}-shm`, shm],
  ] as const)
    if (identityOf(part) !== null && identityOf(part) === known) unlinkSync(part);
};

/**
 * Holds the file of a journal open, and lets go of it when another one stands in its place.
 *
 * @param onFault hears of what cannot be closed through a fault of the program.
 */
export const createOpenFile = (file: string, lockWaitMs: number, onFault: (error: unknown) => void) => {
  let open: Open | undefined;
  /** Of the file when it was opened, and of its parts. */
  let opened: string | null = null;
  let parts = '';
  let wasRemoved = false;
  let keptAs: string | null = null;
  let isAnother = false;

  const isSame = () => open !== undefined && journalIdentity(file) === parts;

  const close = () => {
    const closing = open;
    open = undefined;
    try {
      closing?.database.close();
    } catch (error) {
      // A file that is gone or damaged may not even be closed in order.
      if (!isRefusal(error)) onFault(error);
    }
  };

  return {
    close,
    /** `undefined`: it is not open, or another one stands in its place. */
    current: () => (isSame() ? open : undefined),
    opened: () => opened,
    /** Another one once somebody else has written to the file. `null`: it cannot be told. */
    mark: (): string | null => {
      // Opening belongs to a transaction, which sets a damaged file aside.
      if (open === undefined || !isSame()) return null;
      try {
        return `${opened} ${open.version.get()?.data_version}`;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        return null;
      }
    },
    /** The handle of a transaction that runs. */
    running: () => open,
    /** Opens it where it is not open. Throws what SQLite and the system throw. */
    ready: (): Open => {
      // A file that was removed or replaced would be written to for ever, and nobody would see it.
      if (open !== undefined && !isSame()) {
        if (identityOf(`${file}-wal`) !== parts.split(' ')[1]) saveLog(open.database);
        close();
        dropParts(file, parts);
      }
      if (open !== undefined) return open;
      // An inode that became free is given to the next file: whether it is the same one cannot be told.
      isAnother ||= opened !== null;
      const there = identityOf(file);
      if (opened !== null && there !== opened) {
        wasRemoved = true;
        keptAs = movedTo(file, opened);
      }
      opened = there;
      const database = openDatabase(file, { timeout: lockWaitMs });
      const version = database.prepare('PRAGMA data_version');
      const [tables, records] = [tablesOf(database), recordsOn(database)];
      open = { database, tables, records, version, cleanUpTo: null };
      opened = identityOf(file);
      parts = journalIdentity(file);
      checkWhole(database);
      return open;
    },
    /** A transaction has landed: the first write makes the parts. */
    landed: () => {
      isAnother = false;
      if (parts.includes('none')) parts = journalIdentity(file);
    },
    /** It may be another file than the one in which the last transaction landed. */
    isAnother: () => isAnother,
    /** The file was moved away: the next one is known to be another. */
    movedAway: () => {
      opened = null;
      isAnother = true;
    },
    /** Once: the file was removed, or replaced, while it was in use. `keptAs`: where a person has set it aside; `null`: it is not there. */
    takeRemoved: (): { readonly keptAs: string | null } | null => {
      const was = wasRemoved;
      wasRemoved = false;
      return was ? { keptAs } : null;
    },
  };
};
