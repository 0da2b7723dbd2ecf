import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { acquireInstanceLock } from './lock.ts';
import { resolveFile } from './resolve-file.ts';
import { oncePerFolder, together } from './together.ts';

const root = mkdtempSync(join(tmpdir(), 'together-'));
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('a folder is asked for once while work is done together, and anew after it', () => {
  const asked: string[] = [];
  const ask = oncePerFolder((folder) => asked.push(folder));
  expect(together(() => together(() => [ask('a'), ask('a'), ask('b')]))).toEqual([1, 1, 2]);
  expect(together(() => ask('a'))).toBe(3);
  expect([ask('a'), ask('a')]).toEqual([4, 5]);
});

test('work that fails is over', () => {
  const ask = oncePerFolder(() => ({}));
  expect(() => together(() => JSON.parse('no'))).toThrow(SyntaxError);
  expect(ask('a')).not.toBe(ask('a'));
});

test('a file leads where it leads, also through links of the file and of its folder', () => {
  for (const folder of ['real', 'other']) mkdirSync(join(root, folder), { recursive: true });
  symlinkSync('real', join(root, 'linked'));
  symlinkSync('../other/file.txt', join(root, 'real/link.txt'));
  writeFileSync(join(root, 'real/file.txt'), '');
  const files = ['linked/file.txt', 'linked/link.txt', 'linked/missing.txt', 'none/at/all.txt', 'linked'];
  const leads = (file: string) => resolveFile(join(root, file));
  expect(together(() => files.map(leads))).toEqual(files.map(leads));
});

test('files that are locked together are held by this one, a second claim is refused, and a renamed folder is found', () => {
  const folder = join(root, 'bots');
  mkdirSync(folder, { recursive: true });
  const files = ['a', 'b', 'c'].map((name) => join(folder, `${name}.txt`));
  const locks = together(() => files.map((file) => acquireInstanceLock(file, { claimOnly: true })));
  const again = () => acquireInstanceLock(files[1] ?? '', { claimOnly: true });
  expect(again).toThrow(/holds .*b\.txt\.lock/);
  expect(() =>
    together(() => [acquireInstanceLock(join(folder, 'd.txt'), { claimOnly: true }), again()]),
  ).toThrow(/holds .*b\.txt\.lock/);
  renameSync(folder, join(root, 'moved'));
  mkdirSync(folder);
  together(() => {
    for (const { keep } of locks) keep();
  });
  expect(again).toThrow(/holds .*b\.txt\.lock/);
  for (const { release } of locks) release();
  again().release();
});
