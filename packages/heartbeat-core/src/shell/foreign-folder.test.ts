import { chmodSync, chownSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { foreignFolder } from './foreign-folder.ts';

const isRoot = process.geteuid?.() === 0;

test.skipIf(!isRoot)('root writes into no folder in which others may lay links', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-foreign-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'status.txt');
  expect(foreignFolder(file)).toBeNull();
  chmodSync(folder, 0o777);
  expect(foreignFolder(file)).toContain('other users may write');
  chmodSync(folder, 0o755);
  chownSync(folder, 1201, 1201);
  expect(foreignFolder(file)).toContain('user 1201 may write');
  // Whoever lays a link decides nothing.
  symlinkSync('/etc/hostname', join(folder, 'linked.txt'));
  expect(foreignFolder(join(folder, 'linked.txt'))).toContain('user 1201 may write');
  expect(foreignFolder(file, 1201), 'a user is no root').toBeNull();
  expect(foreignFolder(join(folder, 'not-there', 'status.txt'))).toBeNull();
});
