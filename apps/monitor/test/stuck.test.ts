import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createHeartbeat } from '@sentinel/heartbeat-core';
import { afterAll, expect, test, vi } from 'vitest';
import { openStage } from './stage.ts';

const { folder, run, monitor, clear } = openStage();
afterAll(clear);
const soon = { timeout: 30_000, interval: 100 };

test('--check ends with 2 for a bot that beats and gets nothing done, while its monitor runs and after, until it gets on', {
  timeout: 90_000,
}, async () => {
  const file = join(folder, 'status.txt');
  const heartbeat = createHeartbeat({ file });
  const beat = (progress: number) => heartbeat.update('✅ On', { sessionActive: true, progress });
  const check = async () => run('--check', '--file', file);
  beat(7);
  expect(await check()).toMatchObject({ code: 0, error: '' });
  expect(existsSync(join(folder, 'logs')), 'a check makes no journal').toBe(false);
  const running = monitor(['--file', file, '--max-stall', '0.01', '--no-notify']);
  await vi.waitFor(async () => {
    beat(7);
    expect(await check()).toMatchObject({ code: 2, error: '' });
  }, soon);
  await running.stop();
  beat(7);
  expect((await check()).out).toMatch(/^HEARTBEAT CRITICAL - alpha stuck \d+s \(max 300s\): beats, but /);
  expect((await run('--check', '--file', file, '--max-stall', '60')).code, 'a flag asks for less').toBe(0);
  expect((await run('status', '--file', file)).code).toBe(2);
  beat(8);
  expect(await check()).toMatchObject({ code: 0, error: '' });
});
