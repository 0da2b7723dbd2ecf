import { chmodSync, chownSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { foreignFile, foreignFolder } from './foreign-folder.ts';

const isRoot = process.geteuid?.() === 0;

test.skipIf(!isRoot)('root writes into no folder in which others may lay links', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-foreign-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'status.txt');
  expect(foreignFolder(file)).toBeNull();
  chmodSync(folder, 0o777);
  expect(foreignFolder(file)).toContain('other users may write');
  // What an ACL allows shows in the bits of the group, whichever group it is: setfacl -m u:nobody:rwx.
  chmodSync(folder, 0o775);
  expect(foreignFolder(file)).toContain('whoever an ACL names may write');
  chmodSync(folder, 0o755);
  chownSync(folder, 1201, 1201);
  expect(foreignFolder(file)).toContain('user 1201 may write');
  // Whoever lays a link decides nothing.
  symlinkSync('/etc/hostname', join(folder, 'linked.txt'));
  expect(foreignFolder(join(folder, 'linked.txt'))).toContain('user 1201 may write');
  expect(foreignFolder(file, 1201), 'a user is no root').toBeNull();
  expect(
    foreignFolder(join(folder, 'not-there', 'status.txt')),
    'whoever may write above makes it',
  ).toContain('user 1201 may write');
  chownSync(folder, 0, 0);
  expect(foreignFolder(join(folder, 'not-there', 'status.txt'))).toBeNull();
});

test.skipIf(!isRoot)(
  'root believes no file that somebody else may write, or may put another one in the place of',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'sentinel-foreign-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, '.env');
    writeFileSync(file, '', { mode: 0o600 });
    const foreign = () => foreignFile(file, statSync(file));
    expect(foreign()).toBeNull();
    chmodSync(file, 0o666);
    expect(foreign()).toContain(`other users may write ${file}`);
    expect(foreign()).toContain(`(chown root:root ${file}; chmod go-w ${file})`);
    chmodSync(file, 0o600);
    chownSync(file, 1201, 0);
    expect(foreign()).toContain(`user 1201 may write ${file}`);
    expect(foreignFile(file, statSync(file), 1201), 'a user is no root').toBeNull();
    chownSync(file, 0, 0);
    chownSync(folder, 1201, 1201);
    expect(foreign()).toContain(`user 1201 may write into ${folder}`);
    expect(foreign()).toContain(`chown root:root ${folder};`);
  },
);
