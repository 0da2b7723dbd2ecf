import { spawnSync } from 'node:child_process';
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

/** What `setfacl -m u:1201:rwx FOLDER` writes, without that program. 95: this disk has no ACLs. */
const setAcl = (folder: string, name: string): number | null =>
  spawnSync('python3', [
    '-c',
    `import os, struct, sys
entry = lambda tag, allowed, who=0xffffffff: struct.pack('<HHI', tag, allowed, who)
acl = struct.pack('<I', 2) + entry(1, 7) + entry(2, 7, 1201) + entry(4, 5) + entry(16, 7) + entry(32, 5)
try: os.setxattr(sys.argv[1], sys.argv[2], acl)
except OSError as error: sys.exit(error.errno)`,
    folder,
    `system.posix_acl_${name}`,
  ]).status;

test.skipIf(!isRoot || process.platform !== 'linux')(
  'whom an ACL lets write into the folder is somebody else, and whom its mask keeps out is not',
  (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'sentinel-acl-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    chmodSync(folder, 0o755);
    const file = join(folder, 'status.txt');
    const mayWrite = () => {
      const mine = join(folder, 'mine');
      rmSync(mine, { force: true });
      return spawnSync('touch', [mine], { uid: 1201, gid: 1201 }).status === 0;
    };
    // For what is made in it alone.
    const status = setAcl(folder, 'default');
    if (status === 95) context.skip('this disk has no ACLs');
    expect(status).toBe(0);
    expect([mayWrite(), foreignFolder(file)]).toEqual([false, null]);
    expect(setAcl(folder, 'access')).toBe(0);
    expect(mayWrite()).toBe(true);
    expect(foreignFolder(file)).toContain('whoever an ACL names may write');
    // What the advice says: the mask goes with the bits of the group.
    chmodSync(folder, 0o755);
    expect([mayWrite(), foreignFolder(file)]).toEqual([false, null]);
  },
);

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
