import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createHeartbeat, readHeartbeatOnce } from '../src/index.ts';
import { testFolder } from './folder.ts';

/** A small disk of this test's own; `undefined` where none can be mounted. */
const smallDisk = (options: string): string | undefined => {
  const folder = testFolder();
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  if (status !== 0) return undefined;
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  return folder;
};

test.for<[string, string, (folder: string) => unknown]>([
  ['size=64k', 'no space', (folder: string) => fill(folder)],
  ['nr_inodes=3', 'no inodes', (folder: string) => writeFileSync(join(folder, 'other'), '')],
])(
  'on a disk with %s there is %s for a temporary file: beats land in place',
  ([options, , exhaust], context) => {
    const disk = smallDisk(options);
    if (disk === undefined) {
      context.skip('a tmpfs cannot be mounted here: it needs root');
      return;
    }
    const file = join(disk, 'status.txt');
    const codes: string[] = [];
    const heartbeat = createHeartbeat({ file, onError: (failure) => codes.push(failure.code) });
    expect(heartbeat.update('✅ Before, in a longer status')).toBe(true);
    exhaust(disk);
    const names = readdirSync(disk);
    for (let beat = 0; beat < 5; beat += 1) expect(heartbeat.update(`✅ After ${beat}`)).toBe(true);
    expect(codes).toEqual([]);
    expect(readHeartbeatOnce(file)).toMatchObject({ kind: 'beat', record: { status: '✅ After 4', seq: 6 } });
    expect(readdirSync(disk)).toEqual(names);
  },
);

test.for<[string, string, (folder: string) => unknown]>([
  ['size=64k', 'ENOSPC', (folder: string) => fill(folder)],
  ['size=64k', 'EROFS', (folder: string) => execFileSync('mount', ['-o', 'remount,ro', folder])],
])(
  'on a disk with %s where a beat does not fit, %s is reported once and the old file is intact',
  ([options, code, exhaust], context) => {
    const disk = smallDisk(options);
    if (disk === undefined) {
      context.skip('a tmpfs cannot be mounted here: it needs root');
      return;
    }
    const file = join(disk, 'status.txt');
    const codes: string[] = [];
    const source = 'x'.repeat(8000);
    const heartbeat = createHeartbeat({ file, onError: (failure) => codes.push(failure.code) });
    expect(heartbeat.update('✅ Before')).toBe(true);
    exhaust(disk);
    const before = [readFileSync(file, 'utf8'), readdirSync(disk)];
    for (let beat = 0; beat < 5; beat += 1) expect(heartbeat.update('✅ After', { source })).toBe(false);
    expect(codes).toEqual([code]);
    expect([readFileSync(file, 'utf8'), readdirSync(disk)]).toEqual(before);
  },
);

const fill = (folder: string) => {
  try {
    writeFileSync(join(folder, 'ballast'), Buffer.alloc(1024 * 1024));
  } catch {
    // Full, as wanted.
  }
};
