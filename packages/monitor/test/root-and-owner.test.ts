import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const owner = '65533';
const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

/** A folder of another user, in which root writes nothing. */
const statusFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-owner-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'logs'));
  chownSync(join(folder, 'logs'), Number(owner), Number(owner));
  return join(folder, 'logs/status.txt');
};

const startAs = (file: string, user: string): ChildProcess => {
  const path = fileURLToPath(new URL('./fixtures/watches-as.ts', import.meta.url));
  const child = fork(path, [file, user], { execArgv: ['--conditions=@sentinel/source'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
};
const said = async (child: ChildProcess): Promise<string> => String((await once(child, 'message'))[0]);
const ended = async (child: ChildProcess) => {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
};

test.skipIf(!isRoot).each([
  ['root', '0', owner],
  ['the owner of the folder', owner, '0'],
  ['root', '0', '0'],
])('of root and the owner of a folder the second does not watch beside %s', async (_, first, second) => {
  const file = statusFile();
  const one = startAs(file, first);
  expect(await said(one)).toBe('watches');
  const refused = await said(startAs(file, second));
  expect(refused).toContain(`process ${one.pid} `);
  expect(refused).toContain('status.txt.monitor.lock');
  // A kill leaves nothing that holds.
  await ended(one);
  const next = startAs(file, second);
  expect(await said(next)).toBe('watches');
  // Nor does an end.
  next.send('release');
  expect(await said(next)).toBe('released');
  expect(await said(startAs(file, first))).toBe('watches');
});

test.skipIf(!isRoot).each([
  ['root and the owner', [owner, '0', owner, '0']],
  ['root with several journals', ['0', '0', '0', '0']],
])('of several monitors that start at one instant at most one watches: %s', async (_, users) => {
  const file = statusFile();
  const all = await Promise.all(users.map((user) => said(startAs(file, user))));
  expect(all.filter((words) => words === 'watches').length).toBeLessThanOrEqual(1);
  expect(all.filter((words) => words !== 'watches' && !words.includes('holds'))).toEqual([]);
});

test.skipIf(!isRoot).each([
  ['a link', (lock: string, to: string) => symlinkSync(to, lock)],
  ['a folder', (lock: string) => mkdirSync(lock)],
])(
  '%s at the place of the lock keeps root from watching no bot, and nothing is written there',
  async (_, lay) => {
    const file = statusFile();
    const victim = join(file, '../../victim');
    writeFileSync(victim, 'x');
    lay(`${file}.monitor.lock`, victim);
    const root = startAs(file, '0');
    expect(await said(root)).toMatch(/^watches, but .*\.monitor\.lock/);
    expect(readFileSync(victim, 'utf8')).toBe('x');
  },
);
