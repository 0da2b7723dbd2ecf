import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecords, type Records } from '@sentinel/history';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { filesIn, nameOfFile } from './read-journal.ts';

let folder: string;
let records: Records;
const database = () => join(folder, 'sentinel.db');
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-names-'));
  records = openRecords(database());
});
afterEach(() => {
  records.close();
  rmSync(folder, { recursive: true, force: true });
});

const watched = (name: string, file: string, seenAt: number) => {
  records.setState(`file:${name}`, file);
  records.setState(`supervision:${name}`, { monitor: name, restartsLeft: null, pausedUntil: null });
  records.setState(`monitor-alive:${name}`, seenAt);
};

test('a file is known by the name under which it was watched last, by any path', () => {
  const file = join(folder, 'status.txt');
  writeFileSync(file, '');
  mkdirSync(join(folder, 'links'));
  symlinkSync(file, join(folder, 'links', 'other.txt'));
  watched('alpha', 'status.txt', 1000);
  watched('beta', 'links/other.txt', 2000);
  watched('gamma', 'elsewhere.txt', 3000);
  expect(nameOfFile(database(), file)).toBe('beta');
  expect(nameOfFile(database(), join(folder, 'links', 'other.txt'))).toBe('beta');
  expect(nameOfFile(database(), join(folder, 'unknown.txt'))).toBeNull();
  expect(nameOfFile(join(folder, 'none.db'), file)).toBeNull();
});

test('the file of a bot that is asked for by its name alone is the one that its monitor watches', () => {
  records.setState('file:a', '../elsewhere/a.txt');
  expect(filesIn(database(), ['a', 'b'])).toEqual([join(realpathSync(folder), '../elsewhere/a.txt'), null]);
  expect(filesIn(join(folder, 'none.db'), ['a'])).toEqual([null]);
});
