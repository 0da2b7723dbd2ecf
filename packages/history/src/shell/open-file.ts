import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { isRefusal } from '../core/store-trouble.ts';
import { openDatabase, type Records, recordsOn } from './record.ts';
import { checkWhole, saveLog } from './sqlite.ts';
import { type Tables, tablesOf } from './tables.ts';
import { createWhichFile } from './which-file.ts';

export type Open = {
  readonly database: DatabaseSync;
  readonly tables: Tables;
  readonly records: Records;
  /** SQLite's own count of what other connections have committed. */
  readonly version: StatementSync;
  /** The count up to which broken rows were taken out. */
  cleanUpTo: unknown;
};

const openAt = (file: string, lockWaitMs: number): Open => {
  const database = openDatabase(file, { timeout: lockWaitMs });
  const version = database.prepare('PRAGMA data_version');
  return { database, tables: tablesOf(database), records: recordsOn(database), version, cleanUpTo: null };
};

/**
 * Holds the file of a journal open, and lets go of it when another one stands in its place.
 *
 * @param onFault hears of what cannot be closed through a fault of the program.
 */
export const createOpenFile = (file: string, lockWaitMs: number, onFault: (error: unknown) => void) => {
  let open: Open | undefined;
  const which = createWhichFile(file);
  const { opened, landed, isAnother, movedAway, takeRemoved } = which;
  const current = () => (open !== undefined && which.isSame() ? open : undefined);

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

  /** A file that was removed or replaced would be written to for ever, and nobody would see it. */
  const letGo = (replaced: Open) => {
    if (which.lostLog() && !saveLog(replaced.database)) which.logIsLost();
    close();
    which.dropParts();
  };

  return {
    ...{ close, opened, landed, isAnother, movedAway, takeRemoved },
    /** `undefined`: it is not open, or another one stands in its place. */
    current,
    /** Another one once somebody else has written to the file. `null`: it cannot be told. */
    mark: (): string | null => {
      // Opening belongs to a transaction, which sets a damaged file aside.
      try {
        const now = current();
        if (now === undefined) return null;
        return `${opened()} ${now.version.get()?.data_version}`;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        return null;
      }
    },
    /** The handle of a transaction that runs. */
    running: () => open,
    /** Opens it where it is not open. Throws what SQLite and the system throw. */
    ready: (): Open => {
      const there = current();
      if (there !== undefined) return there;
      if (open !== undefined) letGo(open);
      which.opening();
      open = openAt(file, lockWaitMs);
      which.inUse();
      checkWhole(open.database);
      return open;
    },
  };
};
