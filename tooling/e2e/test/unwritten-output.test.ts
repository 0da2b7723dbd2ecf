import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bareEnv, shipped } from '@sentinel/tooling-shipped';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-unwritten-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

type Program = 'monitor' | 'api' | 'bot';
/** A disk that is full, as far as a program can tell. */
const full = '/dev/full';

/** One command line, whose output goes to `to`. */
const run = (program: Program, line: string, to: string) =>
  spawnSync('sh', ['-c', `exec "$0" "$1" ${line} >${to}`, process.execPath, shipped(program)], {
    cwd: folder,
    env: bareEnv({}),
    encoding: 'utf8',
    timeout: 60_000,
  });

const beat = () => {
  mkdirSync(join(folder, 'logs'));
  const text = `✅ On
${new Date().toISOString()}
{"session_active": true}`;
  writeFileSync(join(folder, 'logs/heartbeat_status.txt'), text);
};

test.runIf(existsSync(full)).each<[Program, string, number]>([
  ['monitor', '--help', 1],
  ['monitor', '--version', 1],
  ['monitor', 'history', 1],
  ['monitor', 'pause 5', 1],
  ['monitor', '--check', 3],
  ['monitor', '--check --json', 3],
  ['monitor', 'status', 3],
  ['api', '--help', 1],
  ['api', '--version', 1],
  ['bot', '--help', 1],
  ['bot', '--version', 1],
])('an output that cannot be written is one sentence and an exit code: %s %s', (program, line, code) => {
  beat();
  const { status, stderr } = run(program, line, full);
  expect(stderr).toBe(`sentinel-${program}: the output cannot be written (ENOSPC)\n`);
  expect(status).toBe(code);
});

test.runIf(existsSync(full))(
  'a bot that is ill is told by its exit code though nothing can be printed',
  () => {
    writeFileSync(join(folder, 'beat.txt'), '✅ On\n2023-06-15T14:30:45.123456\n{"session_active": true}');
    expect(run('monitor', '--check --file beat.txt', full).status).toBe(2);
  },
);

test.runIf(existsSync(full)).each<[Program, string]>([
  ['monitor', 'heartbeat_monitor_status.txt'],
  ['bot', 'heartbeat_status.txt'],
])('a disk that is full below its output does not end the %s', async (program, file) => {
  if (program === 'monitor') beat();
  const child = spawn('sh', ['-c', `exec "$0" "$1" >${full} 2>${full}`, process.execPath, shipped(program)], {
    cwd: folder,
    env: bareEnv({ CHROME_PATH: '/nowhere/chromium' }),
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  await vi.waitFor(() => expect(existsSync(join(folder, 'logs', file))).toBe(true), {
    timeout: 60_000,
    interval: 50,
  });
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});
