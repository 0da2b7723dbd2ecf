import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchFolders } from './watch-folders.ts';

const failing = (code: string) => () => {
  throw Object.assign(new Error('watch'), code === '' ? {} : { code, syscall: 'watch' });
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-watch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lines = (code: string) => {
  const warn = vi.fn<(line: string) => void>();
  const folders = watchFolders(warn, true, failing(code));
  folders.add(join(folder, 'a.txt'), () => {});
  folders.add(join(folder, 'b.txt'), () => {});
  for (let look = 0; look < 3; look += 1) folders.ensure();
  folders.close();
  return warn.mock.calls.flat();
};

test.each([
  ['ENOSPC', 'fs.inotify.max_user_watches'],
  ['EMFILE', 'fs.inotify.max_user_instances'],
  ['ENFILE', 'fs.file-max'],
])('a machine that has no watches left (%s) is told once, with what to do', (code, remedy) => {
  expect(lines(code)).toEqual([expect.stringContaining(remedy)]);
});

test('a folder that may not be watched is looked at without a word, and a fault is no failure of the machine', () => {
  expect(lines('EACCES')).toEqual([]);
  expect(() => lines('')).toThrow('watch');
});
