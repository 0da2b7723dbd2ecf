import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tempFolder } from '../../test/support/site.ts';
import { openMemory } from './memory.ts';
import { memoryIn, moveData } from './move-data.ts';

let temp: ReturnType<typeof tempFolder>;
let logs: string;
let data: string;
const said: string[] = [];
const say = (line: string) => void said.push(line);
beforeEach(() => {
  said.length = 0;
  temp = tempFolder();
  [logs, data] = [join(temp.folder, 'logs'), join(temp.folder, 'data')];
  mkdirSync(logs);
});
afterEach(() => temp.remove());

/** A memory with one signal that waits, closed or left open as a bot that was killed leaves it. */
const remember = (file: string, body: string) => {
  const memory = openMemory(file);
  memory.inbox.add({ body }, 1);
  return memory;
};
const bodiesIn = (file: string) => {
  const memory = openMemory(file);
  const bodies = memory.inbox.list().map(({ body }) => (body as { body: string }).body);
  memory.close();
  return bodies;
};

test('what the bot remembers and its browser profile move, also what the database has not taken in yet', () => {
  const open = remember(join(logs, 'bot.db'), 'waits');
  mkdirSync(join(logs, 'browser-profile', 'Default'), { recursive: true });
  writeFileSync(join(logs, 'browser-profile', 'Default', 'Cookies'), 'session');
  symlinkSync('host-123', join(logs, 'browser-profile', 'SingletonLock'));
  expect(existsSync(join(logs, 'bot.db-wal'))).toBe(true);
  moveData(logs, data, say);
  open.close();
  expect(bodiesIn(join(data, 'bot.db'))).toEqual(['waits']);
  expect(readFileSync(join(data, 'browser-profile', 'Default', 'Cookies'), 'utf8')).toBe('session');
  for (const name of ['bot.db', 'browser-profile']) expect(existsSync(join(logs, name)), name).toBe(false);
  expect(statSync(data).mode & 0o777).toBe(0o700);
  expect(said).toHaveLength(2);
});

test('a bot that is told of another folder than the usual one takes with it what it kept there', () => {
  const usual = join(logs, 'data');
  mkdirSync(usual);
  remember(join(usual, 'bot.db'), 'its own').close();
  remember(join(usual, 'notifications.db'), 'waits').close();
  remember(join(logs, 'bot.db'), 'older').close();
  expect(memoryIn(logs, data)).toBe(join(usual, 'bot.db'));
  moveData(logs, data, say);
  expect(bodiesIn(join(data, 'bot.db'))).toEqual(['its own']);
  expect(bodiesIn(join(data, 'notifications.db'))).toEqual(['waits']);
  expect(existsSync(join(logs, 'bot.db'))).toBe(true);
  // Nor is a folder followed that somebody has laid there as a link.
  const third = join(temp.folder, 'third');
  rmSync(usual, { recursive: true });
  symlinkSync(data, usual);
  rmSync(join(logs, 'bot.db'));
  moveData(logs, third, say);
  expect(existsSync(join(third, 'bot.db'))).toBe(false);
});

test('once the bot has its folder nothing that somebody lays into logs gets there', () => {
  remember(join(data, 'bot.db'), 'its own').close();
  remember(join(logs, 'bot.db'), 'forged').close();
  mkdirSync(join(logs, 'browser-profile'));
  moveData(logs, data, say);
  expect(bodiesIn(join(data, 'bot.db'))).toEqual(['its own']);
  expect(existsSync(join(data, 'browser-profile'))).toBe(false);
  expect(memoryIn(logs, data)).toBe(join(data, 'bot.db'));
});

test('messages that wait in logs are moved by the first start that knows of them, and none that is laid there later', () => {
  remember(join(data, 'bot.db'), 'its own').close();
  remember(join(logs, 'notifications.db'), 'waits').close();
  moveData(logs, data, say);
  expect(bodiesIn(join(data, 'notifications.db'))).toEqual(['waits']);
  remember(join(logs, 'notifications.db'), 'forged').close();
  moveData(logs, data, say);
  expect(bodiesIn(join(data, 'notifications.db'))).toEqual(['waits']);
});

test('a move that was cut off goes on with the next start, and what was moved is kept', () => {
  remember(join(logs, 'bot.db'), 'waits').close();
  mkdirSync(join(data, 'browser-profile'), { recursive: true });
  mkdirSync(join(logs, 'browser-profile'));
  expect(memoryIn(logs, data)).toBe(join(logs, 'bot.db'));
  moveData(logs, data, say);
  expect(bodiesIn(join(data, 'bot.db'))).toEqual(['waits']);
  expect(said[0]).toContain('is left where it is');
});

test('a link is not followed, a damaged memory is moved as it is, and without any nothing is done', () => {
  moveData(logs, data, say);
  expect(said).toEqual([]);
  writeFileSync(join(temp.folder, 'elsewhere'), 'x');
  symlinkSync(join(temp.folder, 'elsewhere'), join(logs, 'bot.db'));
  moveData(logs, data, say);
  expect(existsSync(join(data, 'bot.db'))).toBe(false);
  rmSync(join(logs, 'bot.db'));
  writeFileSync(join(logs, 'bot.db'), 'no database at all, and longer than a header');
  moveData(logs, data, say);
  expect(readFileSync(join(data, 'bot.db'), 'utf8')).toContain('no database');
});
