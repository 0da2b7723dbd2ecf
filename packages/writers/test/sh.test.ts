import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseStatusFile } from '@sentinel/heartbeat-core';
import { expect, test } from 'vitest';
import { place } from './python.ts';

const program = fileURLToPath(new URL('../sh/sentinel-beat', import.meta.url));
const shells = [['sh'], ['dash'], ['bash', '--posix'], ['busybox', 'sh']].filter(
  ([shell = '']) => spawnSync(shell, ['-c', 'true']).error === undefined,
);

const beat = (shell: readonly string[], folder: string, ...args: string[]) =>
  spawnSync(shell[0] ?? 'sh', [...shell.slice(1), program, ...args], { cwd: folder, encoding: 'utf8' });
const read = (file: string) => parseStatusFile(readFileSync(file, 'utf8'));

test.each(shells)('%s: a beat says what it was given, and its time', (...shell) => {
  const { folder, file } = place();
  const from = Date.now() - 1000;
  const args = [
    '--pid',
    String(process.pid),
    '--source',
    'cron "job"',
    '-p',
    'C:\\x',
    '--halted',
    'daily "loss"',
    '--needs-person',
    '2FA\npush',
    '[OK] Backup\n\tfinished',
  ];
  expect(beat(shell, folder, ...args)).toMatchObject({ status: 0, stderr: '' });
  const reading = read(file);
  expect(reading).toMatchObject({
    kind: 'beat',
    record: {
      status: '✅ Backup  finished',
      sessionActive: true,
      pid: process.pid,
      source: 'cron "job"',
      progress: 'C:\\x',
      halted: 'daily "loss"',
      needsPerson: '2FA push',
    },
  });
  if (reading.kind === 'beat') {
    expect(reading.record.updatedAt).toBeGreaterThan(from);
    expect(reading.record.updatedAt).toBeLessThanOrEqual(Date.now());
  }
  expect(readdirSync(join(folder, 'logs'))).toEqual(['heartbeat_status.txt']);
});

test.each(shells)('%s: a planned stop, and a file of another name through a link', (...shell) => {
  const { folder } = place();
  symlinkSync('real.txt', join(folder, 'link.txt'));
  expect(beat(shell, folder, '-f', 'link.txt', '-i', '-s', '--', '- gone -').status).toBe(0);
  expect(read(join(folder, 'real.txt'))).toMatchObject({
    record: { status: '- gone -', sessionActive: false, stopped: true },
  });
});

test.each(shells)('%s: a status that says nothing is a beat all the same', (...shell) => {
  const { folder, file } = place();
  for (const status of ['', ' \n']) {
    expect(beat(shell, folder, status)).toMatchObject({ status: 0, stderr: '' });
    expect(read(file)).toMatchObject({ record: { status: '❓ No status given', sessionActive: true } });
  }
});

test.each(shells)('%s: a command line that makes no sense writes nothing', (...shell) => {
  const { folder, file } = place();
  for (const args of [[], ['a', 'b'], ['--bogus'], ['--pid', '0', 'a'], ['--pid', '1;x', 'a'], ['-f']])
    expect(beat(shell, folder, ...args), args.join(' ')).toMatchObject({ status: 64, stdout: '' });
  expect(existsSync(file)).toBe(false);
  expect(beat(shell, folder, '--help')).toMatchObject({ status: 0, stderr: '' });
});

test.each(shells)('%s: whatever bytes it is given, the file can be read', (...shell) => {
  const { folder, file } = place();
  const script = `bytes() { printf '\\377x\\303\\t"\\\\\\355\\240\\200 \\342\\234\\205 \\360\\237\\222'; }
    program=$1; shift
    exec "$@" "$program" --source "$(bytes)" -p "$(bytes)" --halted "$(bytes)" --needs-person "$(bytes)" "a$(bytes)"`;
  const odd = spawnSync('sh', ['-c', script, 'sh', program, ...shell], { cwd: folder, encoding: 'utf8' });
  expect(odd).toMatchObject({ status: 0, stderr: '' });
  const said = '\uFFFDx\uFFFD "\\\uFFFD\uFFFD\uFFFD ✅ \uFFFD\uFFFD\uFFFD';
  expect(read(file)).toMatchObject({
    record: { status: `a${said}`, source: said, progress: said, halted: said, needsPerson: said },
  });
  const long = '✅ü'.repeat(20_000);
  const args = ['--source', long, '-p', long, '--halted', long, '--needs-person', '  ', long];
  expect(beat(shell, folder, ...args)).toMatchObject({ status: 0, stderr: '' });
  expect(read(file)).toMatchObject({ record: { source: `${'✅ü'.repeat(100).slice(0, -1)}…` } });
});

test.each(shells)('%s: a pid that is none writes nothing, in every language', (...shell) => {
  const { folder, file } = place();
  for (const pid of ['x', ' 7', '7 ', '²', '٣', '1e3', '-1', '0x7', '99999999999999999999'])
    expect(beat(shell, folder, '--pid', pid, 'x'), pid).toMatchObject({ status: 64, stdout: '' });
  expect(existsSync(file)).toBe(false);
});

test.each(shells)('%s: a beat that cannot land is said, and leaves nothing', (...shell) => {
  const { folder, file } = place();
  mkdirSync(file, { recursive: true });
  expect(beat(shell, folder, 'x')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('not a regular'),
  });
  expect(beat(shell, folder, '-f', '/dev/null/x', 'x').status).toBe(1);
  expect(beat(shell, folder, '-f', '/proc/x', 'x')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('cannot be written'),
  });
  expect(readdirSync(join(folder, 'logs'))).toEqual(['heartbeat_status.txt']);
});
