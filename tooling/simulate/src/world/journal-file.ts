import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { openRecords } from '@sentinel/history';
import type { Random } from '../random.ts';

/** SQLite's own refusals, and what the system says where a folder stands in the file's place. */
const refused = (error: unknown): boolean =>
  typeof (error as { code?: unknown } | null)?.code === 'string' || error instanceof RangeError;

/** The journal: SQLite on a real file, which faults may spoil. */
export const createJournalFile = (file: string, random: Random) => {
  const parts = ['', '-wal', '-shm'].map((part) => file + part);
  const watchers = new Set<() => void>();
  let locker: DatabaseSync | null = null;
  const changed = () => {
    for (const watcher of [...watchers]) watcher();
  };
  const unlock = () => {
    try {
      locker?.close();
    } catch (error) {
      if (!refused(error)) throw error;
    }
    locker = null;
  };
  return {
    file,
    watch: (watcher: () => void) => {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    isLocked: () => locker !== null,
    lock: () => {
      if (locker !== null || !existsSync(file)) return;
      try {
        locker = new DatabaseSync(file);
        locker.exec('BEGIN IMMEDIATE');
      } catch (error) {
        if (!refused(error)) throw error;
        unlock();
      }
    },
    unlock,
    remove: () => {
      unlock();
      for (const part of parts) rmSync(part, { force: true, recursive: true });
    },
    removeLog: () => rmSync(`${file}-wal`, { force: true }),
    damage: () => {
      unlock();
      const stats = statSync(file, { throwIfNoEntry: false });
      if (stats?.isFile() !== true || stats.size === 0) return;
      const descriptor = openSync(file, 'r+');
      const from = random.below(Math.max(1, stats.size - 4096));
      writeSync(descriptor, Buffer.alloc(2048, 0xa5), 0, 2048, from);
      closeSync(descriptor);
    },
    /** A folder stands in its place. */
    hide: () => {
      unlock();
      if (existsSync(`${file}.hidden`)) return;
      for (const part of parts) if (existsSync(part)) renameSync(part, `${part}.hidden`);
      mkdirSync(file);
    },
    show: () => {
      if (!existsSync(`${file}.hidden`)) return;
      for (const part of parts) rmSync(part, { recursive: true, force: true });
      for (const part of parts) if (existsSync(`${part}.hidden`)) renameSync(`${part}.hidden`, part);
    },
    /** A person's command, given in another process. False: the journal takes none. */
    order: (bot: string, kind: string, args: Readonly<Record<string, unknown>>, at: number): boolean => {
      if (!existsSync(file) || locker !== null) return false;
      try {
        const records = openRecords(file);
        records.addOrder({ bot, at, kind, by: 'ann', args });
        records.close();
      } catch (error) {
        if (!refused(error)) throw error;
        return false;
      }
      changed();
      return true;
    },
    /** What is in the outbox: `null`, that cannot be read. */
    alerts: (): ReadonlySet<string> | null => {
      if (!existsSync(file) || locker !== null) return null;
      try {
        const database = new DatabaseSync(file, { readOnly: true });
        const rows = database.prepare('SELECT body FROM alerts').all();
        database.close();
        return new Set(rows.map(({ body }) => String(body)));
      } catch (error) {
        if (!refused(error)) throw error;
        return null;
      }
    },
  };
};
