import {
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  fsyncSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isSystemError, makeFolder, requirePlainFiles } from '@sentinel/heartbeat-core';

/** What the bot alone may read and write. Its memory is last: once that is in its place nothing more is moved. */
const memory = 'bot.db';
const names = ['paper-broker.db', 'browser-profile', memory] as const;
/** Moved later than the others: a message that somebody lays there is sent. Once the bot has its own, none is taken. */
const messages = 'notifications.db';
const sides = ['-wal', '-shm'] as const;

/** A link is nothing of ours: whoever may write there chose where it leads. A pipe would be waited for. */
const isOurs = (path: string): boolean => {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isFile() === true || found?.isDirectory() === true;
};

const flush = (path: string) => {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

/** Whole or not at all, also onto another disk. */
const move = (from: string, to: string) => {
  try {
    renameSync(from, to);
    return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
  }
  const part = `${to}.moving`;
  rmSync(part, { recursive: true, force: true });
  cpSync(from, part, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  flush(part);
  renameSync(part, to);
  rmSync(from, { recursive: true, force: true });
};

/** What still stands beside a database is written into it, so that it is one file. A damaged one is moved as it is. */
const gather = (file: string) => {
  try {
    requirePlainFiles(file, `${file}-wal`, `${file}-shm`, `${file}-journal`);
    const database = new DatabaseSync(file);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SQLITE_ERROR' && !isSystemError(error)) throw error;
  }
};

/** Where it may be, the latest first: a bot that is told of another folder was one without that word, in `logs/data`. */
const before = (logs: string, data: string): string[] =>
  [join(logs, 'data'), logs].filter((folder) => folder !== data && (folder === logs || isOurs(folder)));

/**
 * Moves what the bot kept in `logs`, which others may write to, into a folder of its own. To be called under the bot's
 * lock and before anything is opened. What is in the new folder already is kept, and so is what it would replace.
 */
export const moveData = (logs: string, data: string, say: (line: string) => void): void => {
  makeFolder(data, 0o700);
  chmodSync(data, 0o700);
  for (const folder of before(logs, data)) {
    if (!existsSync(join(data, messages))) moveOne(messages, folder, data, say);
    if (existsSync(join(data, memory))) continue;
    for (const name of names) moveOne(name, folder, data, say);
  }
};

const moveOne = (name: string, folder: string, data: string, say: (line: string) => void): void => {
  const [from, to] = [join(folder, name), join(data, name)];
  if (!isOurs(from)) return;
  if (existsSync(to)) {
    say(`${to} is there already: ${from} is left where it is`);
    return;
  }
  if (name.endsWith('.db')) {
    gather(from);
    // First what belongs to it: a database without it would be an older one.
    for (const side of sides) if (isOurs(from + side)) move(from + side, to + side);
  }
  move(from, to);
  say(`${from} was moved to ${to}, where only the bot has to reach it`);
};

/** The bot's memory, before it was moved or after. */
export const memoryIn = (logs: string, data: string): string => {
  const own = join(data, memory);
  if (existsSync(own)) return own;
  return (
    before(logs, data)
      .map((folder) => join(folder, memory))
      .find(isOurs) ?? own
  );
};
