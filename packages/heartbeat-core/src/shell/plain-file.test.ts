import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPlainFile, readPlainFile, requirePlainFiles } from './plain-file.ts';

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
  expect(() => openPlainFile(join(folder, 'b.log'), flags)).toThrow('is no regular file');
  // The path may be the wrong one: that of a folder which is in use, or of a device.
  expect(() => requirePlainFiles(join(folder, 'b.log'))).toThrow('give another path, or move away');
  execFileSync('mkfifo', [join(folder, 'c.log')]);
  expect(() => openPlainFile(join(folder, 'c.log'), flags)).toThrow('is no regular file');
  expect(() => openPlainFile('/dev/null', O_WRONLY)).toThrow('is no regular file');
});

test.skipIf(process.platform === 'win32')(
  'a file with another name is not used where others may lay one',
  () => {
    const file = join(folder, 'a.log');
    writeFileSync(join(folder, 'target'), '');
    linkSync(join(folder, 'target'), file);
    expect(() => closeSync(openPlainFile(file, flags)), 'a copy by links, of this very user').not.toThrow();
    chmodSync(folder, 0o777);
    expect(() => openPlainFile(file, flags)).toThrow('has another name');
  },
);

test.skipIf(process.platform === 'win32')(
  'a pipe, a device and a folder are not read, and nobody waits for them',
  () => {
    const file = join(folder, 'signals.json');
    execFileSync('mkfifo', [file]);
    expect(() => readPlainFile(file)).toThrow('is no regular file');
    expect(() => readPlainFile('/dev/zero')).toThrow('is no regular file');
    expect(() => readPlainFile(folder)).toThrow('is a folder');
    const socket = createServer().listen(join(folder, 'socket'));
    expect(() => readPlainFile(join(folder, 'socket'))).toThrow('is no regular file');
    socket.close();
    rmSync(file);
    writeFileSync(join(folder, 'there'), '[]');
    symlinkSync(join(folder, 'there'), file);
    expect(readPlainFile(file).bytes.toString()).toBe('[]');
    expect(() => readPlainFile(file, { followLinks: false })).toThrow('is a link');
    expect(() => readPlainFile(file, { mostBytes: 1 })).toThrow('is larger than 1 bytes');
  },
);
