import { execFileSync, fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { InstanceHeldError } from '../src/index.ts';
import { acquireInstanceLock, lastHolderOf } from '../src/shell/lock.ts';
import { thisBoot } from '../src/shell/this-boot.ts';
import { testFolder } from './folder.ts';

const refusal = (file: string): InstanceHeldError => {
  try {
    acquireInstanceLock(file).release();
  } catch (error) {
    if (error instanceof InstanceHeldError) return error;
    throw error;
  }
  throw new Error('the lock was given twice');
};
const hold = async (file: string) => {
  const path = fileURLToPath(new URL('./fixtures/holds-the-lock.ts', import.meta.url));
  const child = fork(path, [file], { execArgv: ['--conditions=@sentinel/source', '--expose-gc'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'message');
  return child;
};

test('a second holder is told, past the garbage collector, pid, host and start of the first; SIGKILL frees the lock', async () => {
  const file = join(testFolder(), 'logs/status.txt');
  const before = Date.now();
  const child = await hold(file);
  const error = refusal(file);
  expect(error).toMatchObject({ pid: child.pid, host: hostname(), code: 'ERR_INSTANCE_HELD' });
  expect(Math.abs((error.startedAt ?? 0) - before)).toBeLessThan(60_000);
  expect(error.message).toContain(String(child.pid));
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  acquireInstanceLock(file).release();
});

/** Another program that has a lock of `fcntl` on a file, as whoever may read it can have it. */
const readLock = async (file: string) => {
  const script = `import fcntl, sys; f = open(sys.argv[1], "rb"); fcntl.lockf(f, fcntl.LOCK_SH); print("got", flush=True); sys.stdin.read()`;
  const child = spawn('python3', ['-c', script, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
};

test.skipIf(process.platform === 'win32')(
  'who may only read the folder cannot read its locks, so holds none',
  () => {
    const file = join(testFolder(), 'status.txt');
    const modeOf = () => statSync(`${file}.lock`).mode & 0o777;
    acquireInstanceLock(file).release();
    expect(modeOf()).toBe(0o600);
    chmodSync(`${file}.lock`, 0o644);
    acquireInstanceLock(file).release();
    expect(modeOf(), 'the lock of an earlier version').toBe(0o600);
  },
);

test.skipIf(process.geteuid?.() !== 0 || process.seteuid === undefined)(
  'a lock of another user is refused with what to do, also in a folder that both may write',
  () => {
    const folder = testFolder();
    const file = join(folder, 'status.txt');
    acquireInstanceLock(file).release();
    chmodSync(folder, 0o777);
    chownSync(`${file}.lock`, 65_001, 65_001);
    for (const mode of [0o600, 0o644]) {
      chmodSync(`${file}.lock`, mode);
      process.seteuid?.(65_002);
      try {
        expect(() => acquireInstanceLock(file)).toThrow(
          `it belongs to user 65001, and only that user can hold it: run this program as user 65001. Or give it to user 65002 once nothing runs on this bot any more, as root: chown 65002 ${file}.lock`,
        );
      } finally {
        process.seteuid?.(0);
      }
    }
    chownSync(`${file}.lock`, 65_002, 65_002);
    process.seteuid?.(65_002);
    try {
      acquireInstanceLock(file).release();
    } finally {
      process.seteuid?.(0);
    }
  },
);

test.skipIf(process.platform !== 'linux')(
  'who holds a lock and has not said so is named as the system lists it',
  async () => {
    const file = join(testFolder(), 'status.txt');
    acquireInstanceLock(file).release();
    const reader = await readLock(`${file}.lock`);
    const left = { pid: process.pid, host: hostname(), started_at: new Date(0).toISOString() };
    writeFileSync(`${file}.lock.json`, JSON.stringify(left));
    const error = refusal(file);
    expect(error).toMatchObject({ pid: reader.pid, host: null, startedAt: null });
    expect(error.message).toMatch(
      new RegExp(`^process ${reader.pid} \\(python3.*, of user ${process.getuid?.()}\\) holds `),
    );
  },
);

test('where the folder cannot be looked at the lock is taken once it can be, and is not held before', () => {
  const folder = join(testFolder(), 'logs');
  const file = join(folder, 'status.txt');
  writeFileSync(folder, 'a file where the folder is to be');
  expect(() => acquireInstanceLock(file)).toThrow('cannot be locked');
  const lock = acquireInstanceLock(file, { late: true });
  expect(lock.keep).toThrow('cannot be locked');
  rmSync(folder);
  lock.keep();
  expect(refusal(file).pid).toBe(process.pid);
  lock.release();
  acquireInstanceLock(file).release();
});

test('it holds within one process, and is given back', () => {
  const folder = testFolder();
  const file = join(folder, 'status.txt');
  const lock = acquireInstanceLock(file);
  expect(refusal(file).pid).toBe(process.pid);
  lock.release();
  lock.release();
  expect(readdirSync(folder)).toEqual(['status.txt.lock']);
  acquireInstanceLock(file).release();
});

test('one of many files is claimed without a lock beside it: under each of its names it keeps others out', async () => {
  const folder = testFolder();
  mkdirSync(join(folder, 'logs'));
  const file = join(folder, 'logs/status.txt');
  const lock = acquireInstanceLock(file, { claimOnly: 'where-possible' });
  onTestFinished(lock.release);
  expect(readdirSync(join(folder, 'logs'))).toEqual([]);
  expect(refusal(file)).toMatchObject({ pid: process.pid, file: `${file}.lock` });
  renameSync(join(folder, 'logs'), join(folder, 'logs.old'));
  expect(refusal(join(folder, 'logs.old/status.txt')).pid).toBe(process.pid);
  lock.release();
  acquireInstanceLock(join(folder, 'logs.old/status.txt')).release();
});

test('one of many files is not claimed beside a lock that another process holds', async () => {
  const file = join(testFolder(), 'logs/status.txt');
  const child = await hold(file);
  const claim = () => acquireInstanceLock(file, { claimOnly: 'where-possible' });
  expect(claim).toThrow(InstanceHeldError);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  claim().release();
});

test('the entry of a dead holder is not taken for the present one', () => {
  const file = join(testFolder(), 'status.txt');
  const lock = acquireInstanceLock(file);
  onTestFinished(lock.release);
  const stale = { pid: 4_194_999, host: hostname(), started_at: new Date(0).toISOString() };
  writeFileSync(`${file}.lock.json`, JSON.stringify(stale));
  // What the system says of the lock counts.
  const pid = process.platform === 'linux' ? process.pid : null;
  expect(refusal(file)).toMatchObject({ pid, host: null, startedAt: null });
});

test('a file that is no lock file is not taken for one', () => {
  const file = join(testFolder(), 'status.txt');
  writeFileSync(`${file}.lock`, 'something else '.repeat(100));
  expect(() => acquireInstanceLock(file)).toThrow('move it away');
});

test.skipIf(process.platform === 'win32')(
  'a pipe where the lock file stands is refused and not waited for',
  () => {
    // SQLite opens what it may not write to read it: without another user the same is seen of a pipe that is read-only.
    const file = join(testFolder(), 'status.txt');
    for (const end of ['.lock', '.lock-journal']) {
      execFileSync('mkfifo', ['-m', '0444', file + end]);
      expect(() => acquireInstanceLock(file)).toThrow('cannot be locked');
      rmSync(file + end);
    }
    acquireInstanceLock(file).release();
  },
);

const inAnotherContainer = [
  'unshare',
  '--pid',
  '--mount',
  // In a chroot the root is no mount, and its propagation cannot be changed.
  '--propagation',
  'unchanged',
  '--uts',
  '--ipc',
  '--net',
  '--fork',
  '--kill-child',
] as const;
const [unshare, ...apart] = inAnotherContainer;
const canUnshare = spawnSync(unshare, [...apart, 'true']).status === 0;

test('it holds between containers that share the folder, whose pids mean nothing to each other', async (context) => {
  if (!canUnshare) context.skip('namespaces of processes need root');
  const file = join(testFolder(), 'status.txt');
  const fixture = fileURLToPath(new URL('./fixtures/holds-the-lock.ts', import.meta.url));
  const child = spawn(
    unshare,
    [...apart, process.execPath, '--conditions=@sentinel/source', '--expose-gc', fixture, file],
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'message');
  // In its own namespace the holder is process 2 or so: no pid file could tell that it lives. The system knows it by its number here.
  expect(readFileSync(`/proc/${refusal(file).pid}/status`, 'utf8')).toMatch(`PPid:\t${child.pid}\n`);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  await vi.waitFor(() => acquireInstanceLock(file).release(), { timeout: 10_000 });
});

test('a second holder is refused through a link to the file, also where the file is not there yet', () => {
  const folder = testFolder();
  const file = join(folder, 'status.txt');
  symlinkSync(file, join(folder, 'link.txt'));
  const lock = acquireInstanceLock(file);
  onTestFinished(lock.release);
  expect(refusal(join(folder, 'link.txt')).pid).toBe(process.pid);
});

test('a second holder is refused by a hard link to the file, and not once that is another file', async () => {
  const folder = testFolder();
  mkdirSync(join(folder, 'x'));
  const [file, link] = [join(folder, 'status.txt'), join(folder, 'x/link.txt')];
  writeFileSync(file, 'a');
  linkSync(file, link);
  const child = await hold(file);
  // The lock that is there: none is beside the link.
  expect(refusal(link)).toMatchObject({ pid: child.pid, file: `${file}.lock` });
  rmSync(link);
  writeFileSync(link, 'a');
  await delay(1000);
  acquireInstanceLock(link).release();
});

test('a folder that is renamed and made anew does not lose the lock, neither before it is kept nor after', async () => {
  const folder = testFolder();
  const file = join(folder, 'logs/status.txt');
  const child = await hold(file);
  renameSync(join(folder, 'logs'), join(folder, 'logs.old'));
  mkdirSync(join(folder, 'logs'));
  expect(refusal(file)).toMatchObject({ pid: child.pid, host: hostname() });
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  const lock = acquireInstanceLock(file);
  onTestFinished(lock.release);
  renameSync(join(folder, 'logs'), join(folder, 'logs.older'));
  lock.keep();
  mkdirSync(join(folder, 'logs'));
  lock.keep();
  expect(readdirSync(join(folder, 'logs'))).toContain('status.txt.lock.json');
  expect(refusal(file).pid).toBe(process.pid);
});

/** A link is switched in one step, as a deployment does. */
const leadTo = (target: string, link: string) => {
  symlinkSync(target, `${link}.new`);
  renameSync(`${link}.new`, link);
};

test('a link in the path that is switched does not lose the lock: by the path that was given it stays taken', async () => {
  const folder = testFolder();
  for (const name of ['a', 'b']) mkdirSync(join(folder, name));
  leadTo('a', join(folder, 'logs'));
  const file = join(folder, 'logs/status.txt');
  const child = await hold(file);
  leadTo('b', join(folder, 'logs'));
  expect(refusal(file)).toMatchObject({ pid: child.pid, host: hostname() });
  // Nothing is left of the try: the next one would be refused by it.
  acquireInstanceLock(join(folder, 'b/status.txt')).release();
});

test('a lock that is kept is taken where the path leads now, too, and was kept where it led; who has it there is told', () => {
  const folder = testFolder();
  for (const name of ['a', 'b', 'c']) mkdirSync(join(folder, name));
  leadTo('a', join(folder, 'logs'));
  const lock = acquireInstanceLock(join(folder, 'logs/status.txt'));
  leadTo('b', join(folder, 'logs'));
  lock.keep();
  for (const name of ['a', 'b']) expect(refusal(join(folder, name, 'status.txt')).pid).toBe(process.pid);
  leadTo('a', join(folder, 'logs'));
  lock.keep();
  const other = acquireInstanceLock(join(folder, 'c/status.txt'));
  onTestFinished(other.release);
  leadTo('c', join(folder, 'logs'));
  expect(lock.keep).toThrow(InstanceHeldError);
  lock.release();
  for (const name of ['a', 'b']) acquireInstanceLock(join(folder, name, 'status.txt')).release();
});

test('a link that becomes a folder, and a file that is a link itself, lose nothing', () => {
  const folder = testFolder();
  for (const name of ['a', 'b']) mkdirSync(join(folder, name));
  const link = join(folder, 'status.txt');
  leadTo('a/one.txt', link);
  const lock = acquireInstanceLock(link, { suffix: '.monitor' });
  onTestFinished(lock.release);
  leadTo('b/two.txt', link);
  lock.keep();
  expect(() => acquireInstanceLock(join(folder, 'b/two.txt'), { suffix: '.monitor' })).toThrow(
    InstanceHeldError,
  );
  rmSync(link);
  lock.keep();
  lock.keep();
  expect(() => acquireInstanceLock(link, { suffix: '.monitor' })).toThrow(InstanceHeldError);
});

const canMount = process.platform === 'linux' && process.getuid?.() === 0;

test('on a disk that is mounted read-only nobody is given a lock, and who had it last is named', async (context) => {
  if (!canMount) context.skip('mounting needs root on Linux');
  const disk = join(testFolder(), 'disk');
  mkdirSync(disk);
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
  onTestFinished(() => void spawnSync('umount', ['-l', disk]));
  const file = join(disk, 'status.txt');
  const lock = acquireInstanceLock(file);
  // Without the claim of this process, as another machine or user would meet it.
  cpSync(`${file}.lock.json`, join(disk, 'kept'));
  lock.release();
  renameSync(join(disk, 'kept'), `${file}.lock.json`);
  spawnSync('mount', ['-o', 'remount,ro', disk]);
  expect(() => acquireInstanceLock(file)).toThrow(
    new RegExp(`cannot be written .* It was held last by process ${process.pid} on ${hostname()}`),
  );
});

test.runIf(process.platform === 'linux')(
  'a folder that takes no file is told with the file and what to do',
  () => {
    const words = 'no such file or directory (ENOENT): the folder above it is missing, or takes no files';
    expect(() => acquireInstanceLock('/proc/status.txt')).toThrow(
      `/proc/status.txt.lock cannot be locked: ${words}`,
    );
    expect(() => acquireInstanceLock('/proc/sentinel/status.txt')).toThrow(
      `/proc/sentinel/status.txt.lock cannot be locked: /proc/sentinel: ${words}`,
    );
  },
);

test('who held a lock last is known with the place where its pid counts, also after it was killed', async () => {
  const file = join(testFolder(), 'status.txt');
  const child = await hold(file);
  const holder = { pid: child.pid, host: hostname(), boot: thisBoot() };
  expect(lastHolderOf(file)).toMatchObject(holder);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  expect(lastHolderOf(file)).toMatchObject(holder);
});
