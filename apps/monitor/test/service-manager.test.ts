import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHeartbeat } from '@sentinel/heartbeat-core';
import { afterEach, expect, test, vi } from 'vitest';
import { openStage } from './stage.ts';

const patience = { timeout: 120_000, interval: 50 };
let stage: ReturnType<typeof openStage>;
afterEach(() => stage.clear());

/** In the place of systemd-notify: a program that keeps what it is to say. */
const openNotify = () => {
  const [bin, heard] = [join(stage.folder, 'bin'), join(stage.folder, 'heard')];
  mkdirSync(bin);
  const program = join(bin, 'systemd-notify');
  writeFileSync(program, `#!/bin/sh\nfor word; do echo "$word" >>"${heard}"; done\n`);
  chmodSync(program, 0o755);
  return {
    env: { PATH: `${bin}:${process.env.PATH ?? ''}`, NOTIFY_SOCKET: '/nowhere', WATCHDOG_USEC: '900000' },
    heard: () => (existsSync(heard) ? readFileSync(heard, 'utf8').trim().split('\n') : []),
  };
};

test('the watchdog of systemd is fed while the monitor looks, and not once the monitor stopped', async () => {
  stage = openStage();
  const { env, heard } = openNotify();
  createHeartbeat({ file: join(stage.folder, 'logs/heartbeat_status.txt') }).update('✅ On', true);
  const { child, stop } = stage.monitor(['--no-notify'], env);
  const signs = () => heard().filter((word) => word === 'WATCHDOG=1').length;
  await vi.waitFor(() => expect(signs()).toBeGreaterThan(2), patience);
  expect(heard()[0]).toBe('READY=1');

  // One that hangs: whatever it says in the end was begun before.
  child.kill('SIGSTOP');
  let last = -1;
  await vi.waitFor(
    () => {
      const before = last;
      last = signs();
      expect(last).toBe(before);
    },
    { ...patience, interval: 2000 },
  );
  child.kill('SIGCONT');
  await vi.waitFor(() => expect(signs()).toBeGreaterThan(last), patience);

  expect(await stop()).toBe(0);
  const words = heard();
  expect(words.slice(words.indexOf('STOPPING=1'))).toEqual(['STOPPING=1']);
}, 300_000);
