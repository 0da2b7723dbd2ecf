import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createServiceManager, systemdOf } from '../src/index.ts';

const has = (program: string) => spawnSync(program, ['--version']).status === 0;
const canRun = has('systemd-notify') && has('python3');
if (!canRun)
  process.stdout.write('note    systemd-notify or python3 is not here: telling systemd is not tested\n');

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
let folder: string;
let listener: ChildProcess | undefined;
let said = '';
const heard = () => said.split('\n').filter((line) => line !== '');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-notify-'));
  if (!canRun) return;
  const script = fileURLToPath(new URL('fixtures/notify-socket.py', import.meta.url));
  listener = spawn('python3', [script, join(folder, 'socket')], { stdio: ['ignore', 'pipe', 'inherit'] });
  listener.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await vi.waitFor(() => expect(heard()).toEqual(['listening']), { timeout: 20_000 });
});
afterAll(() => {
  listener?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

test.skipIf(!canRun)(
  'systemd hears that a service is ready, how it is, that it works and that it stops, in this order',
  async () => {
    const warn = vi.fn();
    const socket = join(folder, 'socket');
    const manager = createServiceManager({ socket, watchdogMs: 300, path, warn });
    manager.ready();
    manager.worked('signal\nvalidation');
    const signs = () => heard().filter((line) => line === 'WATCHDOG=1').length;
    await vi.waitFor(
      () => {
        manager.worked('signal\nvalidation');
        expect(signs()).toBeGreaterThanOrEqual(2);
      },
      { timeout: 20_000 },
    );
    await manager.stopping();
    expect(heard().filter((line) => line !== 'WATCHDOG=1')).toEqual([
      'listening',
      'READY=1',
      'STATUS=signal validation',
      'STOPPING=1',
    ]);
    const before = signs();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(signs(), 'without work there is no sign of life').toBe(before);
    expect(warn).not.toHaveBeenCalled();
  },
  60_000,
);

test('without systemd-notify the service says so once, and goes on', async () => {
  const warn = vi.fn();
  const manager = createServiceManager({
    socket: join(folder, 'none'),
    watchdogMs: null,
    path: folder,
    warn,
  });
  manager.ready();
  await manager.stopping();
  expect(warn.mock.calls).toEqual([[expect.stringContaining('systemd-notify cannot be run (ENOENT)')]]);
});

test('without systemd nobody is told', async () => {
  const warn = vi.fn();
  const manager = createServiceManager({ socket: undefined, watchdogMs: null, path: folder, warn });
  manager.ready();
  manager.worked('signal validation');
  await manager.stopping();
  expect(warn).not.toHaveBeenCalled();
});

test('signs of life are given by the process that systemd asks for them, and by no other', () => {
  const env = { NOTIFY_SOCKET: '/run/notify', WATCHDOG_USEC: '60000000' };
  expect(systemdOf(env, 7).watchdogMs).toBe(60_000);
  expect(systemdOf({ ...env, WATCHDOG_PID: '7' }, 7).watchdogMs).toBe(60_000);
  expect(systemdOf({ ...env, WATCHDOG_PID: '1' }, 7).watchdogMs).toBeNull();
});
