import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { moveAside, openRecords, type Store } from '@sentinel/history';
import type { Random } from '../random.ts';
import { asEarlierVersion } from './earlier-version.ts';
import { sicken } from './sick-disk.ts';

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
  let taken = 0;
  /** For whoever has it open it is as good as removed. Its inode is given to no other file: that would be left to chance. */
  const takeAway = (path: string) => {
    if (!existsSync(path)) return;
    taken += 1;
    renameSync(path, `${path}.gone-${taken}`);
  };
  const close = (opened: { readonly close: () => void } | null) => {
    try {
      opened?.close();
    } catch (error) {
      if (!refused(error)) throw error;
    }
  };
  const left: Store[] = [];
  const readers: { readonly close: () => void }[] = [];
  const closeLeft = () => {
    for (const each of readers) close(each);
    if (left.length === 0) return;
    const kept = parts.slice(0, 2).map((part) => {
      const isFile = statSync(part, { throwIfNoEntry: false })?.isFile() === true;
      return { part, content: isFile ? readFileSync(part) : null };
    });
    for (const each of left.splice(0)) close(each);
    for (const { part, content } of kept)
      if (content !== null) writeFileSync(part, content);
      else if (statSync(part, { throwIfNoEntry: false })?.isFile() === true) rmSync(part);
  };
  let isHidden = false;
  /** What nobody sees before the file is opened again: which file it is that was spoilt, and what came of it. */
  let spoilt: { readonly isOver: () => boolean } | null = null;
  const inodeOf = (path: string): bigint | null =>
    statSync(path, { throwIfNoEntry: false, bigint: true })?.ino ?? null;
  const unlock = () => {
    close(locker);
    locker = null;
  };
  return {
    file,
    watch: (watcher: () => void) => {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
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
      closeLeft();
      for (const part of parts) takeAway(part);
    },
    removeLog: () => {
      closeLeft();
      takeAway(`${file}-wal`);
      spoilt = { isOver: () => existsSync(`${file}-wal`) };
    },
    damage: () => {
      unlock();
      closeLeft();
      const stats = statSync(file, { throwIfNoEntry: false });
      if (stats?.isFile() !== true || stats.size === 0) return;
      const descriptor = openSync(file, 'r+');
      const from = random.below(Math.max(1, stats.size - 4096));
      writeSync(descriptor, Buffer.alloc(2048, 0xa5), 0, 2048, from);
      closeSync(descriptor);
      const damaged = inodeOf(file);
      spoilt = { isOver: () => inodeOf(file) !== damaged };
    },
    /** What was written may be lost, and nobody has noticed that yet. */
    isSpoilt: (): boolean => {
      if (spoilt?.isOver() === true) spoilt = null;
      return spoilt !== null;
    },
    /** Its disk takes nothing, for this reason; `null`: it does. */
    fail: (code: 'ENOSPC' | 'EROFS' | null) => sicken(file, code),
    /** A folder stands in its place. */
    hide: () => {
      unlock();
      closeLeft();
      if (isHidden) return;
      isHidden = true;
      for (const part of parts) if (existsSync(part)) renameSync(part, `${part}.hidden`);
      mkdirSync(file);
    },
    show: () => {
      if (!isHidden) return;
      isHidden = false;
      for (const part of parts) takeAway(part);
      for (const part of parts) if (existsSync(`${part}.hidden`)) renameSync(`${part}.hidden`, part);
    },
    /**
     * What a process that is gone had open is closed before the next fault of these files. SQLite would move the log into
     * the file, which nobody does for a process that was killed: what is there stays as it is.
     */
    leave: (opened: Store) => void left.push(opened),
    /** Whoever keeps it open for reading is closed before each fault: the next question opens what is there then. */
    readBy: (reader: { readonly close: () => void }) => void readers.push(reader),
    /** The same before another process opens it. A file that is read here loses the locks that this process has on it. */
    release: () => {
      if (locker === null) closeLeft();
    },
    /** The story is over. */
    close: () => {
      unlock();
      sicken(file, null);
      for (const each of [...left.splice(0), ...readers]) close(each);
    },
    /** A person's command, given in another process. False: the journal takes none. */
    order: (bot: string, kind: string, args: Readonly<Record<string, unknown>>, at: number): boolean => {
      if (!existsSync(file) || locker !== null) return false;
      let records: ReturnType<typeof openRecords> | null = null;
      try {
        records = openRecords(file);
        records.addOrder({ bot, at, kind, by: 'ann', args });
      } catch (error) {
        if (!refused(error)) throw error;
        return false;
      } finally {
        // Left open, it would be closed whenever memory is collected, and with it the log of the journal.
        close(records);
      }
      changed();
      return true;
    },
    /** An earlier version of the monitor was put back for a while, and wrote last. */
    asEarlier: () => {
      if (locker !== null || statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return;
      closeLeft();
      try {
        asEarlierVersion(file);
      } catch (error) {
        if (!refused(error)) throw error;
      }
      changed();
    },
    /** What a person does with `reset --set-aside` to a journal that takes no order. */
    setAside: () => {
      if (locker !== null || statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return;
      moveAside(file, 0, 'set-aside');
      changed();
    },
    /** What is in the outbox: `null`, that cannot be read. */
    alerts: (): ReadonlySet<string> | null => {
      if (!existsSync(file) || locker !== null) return null;
      let database: DatabaseSync | null = null;
      try {
        database = new DatabaseSync(file, { readOnly: true });
        const rows = database.prepare('SELECT body FROM alerts').all();
        return new Set(rows.map(({ body }) => String(body)));
      } catch (error) {
        if (!refused(error)) throw error;
        return null;
      } finally {
        close(database);
      }
    },
  };
};
