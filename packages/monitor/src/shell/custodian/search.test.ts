import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Files, systemFiles } from '../ports/files.ts';
import { linuxProcesses } from '../ports/processes/linux.ts';
import { programOf, searchFor } from './search.ts';

const file = '/opt/bot/logs/heartbeat_status.txt';
const root = '36 35 8:1 / / rw - ext4 /dev/root rw';
const over = `${root}\n37 36 8:1 /opt/other /opt/bot/logs rw - ext4 /dev/root rw`;
const overFile = `${root}\n37 36 8:1 /opt/other.txt ${file} rw - ext4 /dev/root rw`;
const twice = `${root}\n37 36 8:1 /opt/bot/logs /opt/bot/logs rw - ext4 /dev/root rw`;

test.each<[shares: boolean | null, mounts: string | null, reaches: boolean | null, view: string]>([
  [true, null, null, 'same'],
  [null, root, true, 'same'],
  [null, null, true, 'unknown'],
  [false, null, true, 'unknown'],
  [false, root, true, 'same'],
  [false, root, null, 'unknown'],
  [false, root, false, 'other'],
  [false, twice, true, 'reached'],
  [false, twice, false, 'other'],
  [false, over, false, 'apart'],
  [false, over, true, 'reached'],
  [false, over, null, 'unknown'],
  [false, overFile, false, 'apart'],
])('shared mounts: %s, its mounts: %j, the file reached: %s: %s', (shares, mounts, reaches, view) => {
  const files: Files = {
    ...systemFiles,
    real: (path) => path,
    sharesMounts: () => shares,
    mountsOf: (pid) => (pid === 'self' ? root : mounts),
    reaches: () => reaches,
  };
  expect(programOf(files, file, { command: 'python3 bot.py', folder: '/opt/bot' }).viewOf(4711)).toBe(view);
});

test.each([
  ['goes on', {}, 1],
  ['has ended since', 'none', 0],
  ['is just ending', { args: [] }, 0],
  ['is another one by now', { mark: 2 }, 0],
] as const)(
  'a process of which the system does not say what it sees, and that %s',
  (_what, now, unverified) => {
    const row = {
      ...{
        pid: 4711,
        parent: 1,
        group: 4711,
        uid: 0,
        startedUp: 1,
        mark: 1,
        terminal: false,
        namespace: 'pid:[1]',
      },
      ...{ args: ['python3', 'bot.py'], folder: '/opt/bot', exe: '/usr/bin/python3', environment: {} },
    };
    const files: Files = {
      ...systemFiles,
      real: (path) => path,
      sharesMounts: () => null,
      mountsOf: () => null,
    };
    const program = programOf(files, file, { command: 'python3 bot.py', folder: '/opt/bot' });
    const found = searchFor(
      { program, holds: () => false },
      () => false,
      {
        ...linuxProcesses,
        list: () => ({ rows: [row], complete: true }),
        get: () => (now === 'none' ? now : { ...row, ...now }),
      },
      0,
      'pid:[1]',
    );
    expect(found.unverified).toHaveLength(unverified);
    expect(found.matches).toEqual([]);
  },
);

const mayMount =
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['--mount', 'mount', '--bind', '/mnt', '/mnt']).status === 0;

test.skipIf(!mayMount).each([
  ['true', 'same'],
  ['mount --bind logs logs', 'reached'],
  ['mount --bind other logs', 'apart'],
  ['mount --bind other/status.txt logs/status.txt', 'apart'],
] as const)('a process with mounts of its own (root that may mount), after %s: %s', async (mount, view) => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-mounts-'));
  const status = join(folder, 'logs', 'status.txt');
  for (const name of ['logs', 'other']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'status.txt'), '');
  }
  const script = `${mount} && echo && exec sleep 60`;
  const bot = spawn('unshare', ['--mount', 'sh', '-c', script], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(bot.stdout, 'data');
    const { viewOf } = programOf(systemFiles, status, { command: 'python3 bot.py', folder });
    expect(viewOf(bot.pid ?? 0)).toBe(view);
    if (view === 'apart') return;
    // A beat puts another file there.
    writeFileSync(`${status}.new`, '');
    renameSync(`${status}.new`, status);
    expect(viewOf(bot.pid ?? 0)).toBe(view);
  } finally {
    bot.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
});
