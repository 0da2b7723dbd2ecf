import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPlainFile, requirePlainFiles } from './plain-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-plain-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const { O_WRONLY, O_APPEND, O_CREAT } = constants;
const flags = O_WRONLY | O_APPEND | O_CREAT;

test('a file that is there or is made is opened', () => {
  const file = join(folder, 'a.log');
  closeSync(openPlainFile(file, flags));
  closeSync(openPlainFile(file, flags));
  expect(() => requirePlainFiles(file, join(folder, 'none'))).not.toThrow();
});

test.skipIf(process.platform === 'win32')('neither a link is followed, nor a folder or pipe used', () => {
  const file = join(folder, 'a.log');
  const target = join(folder, 'target');
  symlinkSync(target, file);
  expect(() => openPlainFile(file, flags)).toThrow('is a link, which is not followed: remove it');
  expect(() => requirePlainFiles(file)).toThrow('is a link, which is not followed: remove it');
  expect(existsSync(target), 'nothing was made where it leads').toBe(false);
  writeFileSync(target, '');
  expect(() => openPlainFile(file, flags)).toThrow('is a link');
  mkdirSync(join(folder, 'b.log'));
  expect(() => openPlainFile(join(folder, 'b.log'), flags)).toThrow('EISDIR');
  expect(() => requirePlainFiles(join(folder, 'b.log'))).toThrow('is no regular file');
  expect(() => openPlainFile('/dev/null', O_WRONLY)).toThrow('is no regular file');
});
