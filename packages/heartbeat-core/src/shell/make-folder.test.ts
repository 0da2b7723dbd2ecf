import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeFolder } from './make-folder.ts';

const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'make-folder-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
};

test('those above it are made, too, with the same rights', () => {
  const top = folder();
  makeFolder(join(top, 'a/b/c'), 0o700);
  for (const each of ['a', 'a/b', 'a/b/c']) expect(statSync(join(top, each)).mode & 0o777).toBe(0o700);
});

test('one that is there is left as it is, a link to one too', () => {
  const top = folder();
  mkdirSync(join(top, 'there'), { mode: 0o750 });
  symlinkSync('there', join(top, 'link'));
  makeFolder(join(top, 'there'), 0o700);
  makeFolder(join(top, 'link'));
  expect(statSync(join(top, 'there')).mode & 0o777).toBe(0o750);
});

test('a file in its place, or above it, is the error of the system', () => {
  const top = folder();
  writeFileSync(join(top, 'file'), '');
  expect(() => makeFolder(join(top, 'file'))).toThrow('EEXIST');
  expect(() => makeFolder(join(top, 'file/below'))).toThrow('ENOTDIR');
});

test.runIf(process.platform === 'linux')(
  'a system that takes no folder is told at once, and not asked for ever',
  () => {
    expect(() => makeFolder('/proc/sentinel/logs')).toThrow('ENOENT');
    // A bare chroot has an empty /sys, where a folder can be made.
    if (existsSync('/sys/kernel'))
      expect(() => makeFolder('/sys/sentinel/logs')).toThrow(/EPERM|EACCES|EROFS/);
  },
);
