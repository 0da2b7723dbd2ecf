import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openLog } from './log.ts';
import { showLog } from './show-log.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

test("the log that is shown is the monitor's own: a link to another file shows nothing of that", () => {
  const [file, other] = [join(folder, 'heartbeat_monitor.log'), join(folder, 'other')];
  writeFileSync(other, 'root:hash\n');
  symlinkSync(other, file);
  expect(showLog(file, 10, undefined)).toEqual({
    code: 1,
    line: `logs: ${file} is a link, which is not followed: remove it`,
  });
});

test('a line is for people and, with its facts, for programs', () => {
  const print = vi.fn();
  const file = join(folder, 'logs', 'heartbeat_monitor.log');
  const log = openLog(file, print);
  log.warn('beta is stale', { bot: 'beta', attempt: 2 });
  log.close();
  expect(print.mock.calls).toEqual([[expect.stringMatching(/^20\S+Z beta is stale$/)]]);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
    level: 'warn',
    bot: 'beta',
    attempt: 2,
    msg: 'beta is stale',
    pid: process.pid,
  });
});

test('the log is rotated by size, and what it takes on the disk is bounded', () => {
  const file = join(folder, 'heartbeat_monitor.log');
  const log = openLog(file, () => {}, { limit: 10 * 1024 });
  for (let line = 0; line < 2000; line += 1) log.info(`line ${line} ${'x'.repeat(200)}`);
  log.close();
  const names = readdirSync(folder).filter((name) => name.endsWith('.log'));
  expect(names).toContain('heartbeat_monitor.log');
  expect(names.length).toBeLessThanOrEqual(6);
  expect(names.length).toBeGreaterThan(2);
  const bytes = names.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  expect(bytes, 'of some 500 kB').toBeLessThan(250_000);
});

test('a folder in its place is said in words', () => {
  const print = vi.fn();
  const log = openLog(folder, print);
  log.info('one');
  log.close();
  expect(print).toHaveBeenCalledWith(expect.stringContaining('cannot be written (it is no regular file: '));
});

test.skipIf(process.platform === 'win32')(
  'nobody else may write into it, whatever the umask or an ACL of the folder allows',
  () => {
    const before = process.umask(0);
    try {
      const log = openLog(join(folder, 'a.log'), () => {});
      log.info('one');
      log.close();
    } finally {
      process.umask(before);
    }
    expect(statSync(join(folder, 'a.log')).mode & 0o777).toBe(0o644);
  },
);

test('a log that cannot be written is told once, and disturbs nothing', () => {
  const print = vi.fn();
  writeFileSync(join(folder, 'no-folder'), '');
  const log = openLog(join(folder, 'no-folder', 'a.log'), print);
  log.info('one');
  expect(print).toHaveBeenCalledWith(expect.stringContaining('cannot be written'));
  log.info('two');
  log.close();
  expect(print.mock.calls.filter(([line]) => line.includes('cannot be written'))).toHaveLength(1);
  expect(existsSync(join(folder, 'no-folder', 'a.log'))).toBe(false);
});

test('what is said while the log is closed is for people alone, and no trouble', () => {
  const print = vi.fn();
  const file = join(folder, 'heartbeat_monitor.log');
  const log = openLog(file, print);
  log.info('one');
  log.close();
  log.info('late');
  expect(print.mock.calls.map(([line]) => line.split(' ').slice(1).join(' '))).toEqual(['one', 'late']);
  expect(readFileSync(file, 'utf8')).not.toContain('late');
});

test('a file that logrotate has put aside is opened anew', async () => {
  const file = join(folder, 'heartbeat_monitor.log');
  const log = openLog(file, () => {});
  log.info('one');
  renameSync(file, `${file}.1`);
  await setTimeout(600);
  log.info('two');
  log.close();
  expect(readFileSync(`${file}.1`, 'utf8')).toContain('one');
  expect(readFileSync(file, 'utf8')).toMatch(/^.*"two".*\n$/);
});

test.skipIf(process.platform === 'win32')('a link in its place is not followed, and that is said', () => {
  const print = vi.fn();
  const file = join(folder, 'heartbeat_monitor.log');
  writeFileSync(join(folder, 'precious'), 'precious');
  symlinkSync(join(folder, 'precious'), file);
  const log = openLog(file, print);
  log.info('one');
  log.close();
  expect(print).toHaveBeenCalledWith(expect.stringContaining('it is a link'));
  expect(readFileSync(join(folder, 'precious'), 'utf8')).toBe('precious');
});
