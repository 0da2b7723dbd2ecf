import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readHeartbeatOnce } from '@sentinel/heartbeat-core';
import { afterEach, expect, test, vi } from 'vitest';
import { openStage } from './stage.ts';

const patience = { timeout: 120_000, interval: 50 };
const bot = fileURLToPath(new URL('fixtures/bot.ts', import.meta.url));
let stage: ReturnType<typeof openStage>;

const path = (name: string) => join(stage.folder, name);
const linesOf = (name: string): string[] =>
  existsSync(path(name)) ? readFileSync(path(name), 'utf8').trim().split('\n') : [];
const pids = () => linesOf('pids').map(Number);
const foregroundBot = () => `"${process.execPath}" "${bot}" "${path('status.txt')}" "${path('pids')}"`;
/** @param grace in minutes, for the first look and for each start. */
const watching = (grace: string) => ['--no-notify', '--file', path('status.txt'), '--startup-grace', grace];

afterEach(() => {
  for (const pid of pids())
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  stage.clear();
});

test('a monitor that is told to end does not wait for a bot in the foreground, and the bot lives on', async () => {
  stage = openStage();
  // A busy machine takes its time for a start: within the grace of one of these it has beaten.
  const monitor = stage.monitor([
    ...watching('0.1'),
    ...['--restart', foregroundBot(), '--max-age', '0.1', '--max-restarts', '20', '--backoff', '1'],
  ]);
  await vi.waitFor(() => expect(monitor.said.out).toContain('has recovered'), patience);
  expect(await monitor.stop()).toBe(0);
  const beatAt = () => {
    const reading = readHeartbeatOnce(path('status.txt'));
    return reading.kind === 'beat' ? reading.record.updatedAt : 0;
  };
  const before = beatAt();
  await vi.waitFor(() => expect(beatAt()).toBeGreaterThan(before + 400), patience);
}, 300_000);

test('the --on-exhausted command prints and works on when its monitor has ended, which does not wait for it', async () => {
  stage = openStage();
  const work = `while :; do echo "closing a position"; echo x >>"${path('work')}"; sleep 0.1; done`;
  const monitor = stage.monitor([
    ...watching('0.01'),
    ...['--restart', 'exit 1', '--max-restarts', '1', '--backoff', '0.1'],
    ...['--on-exhausted', `echo $$ >>"${path('pids')}"; ${work}`],
  ]);
  await vi.waitFor(() => expect(linesOf('work').length).toBeGreaterThan(1), patience);
  expect(await monitor.stop()).toBe(0);
  const before = linesOf('work').length;
  await vi.waitFor(() => expect(linesOf('work').length).toBeGreaterThan(before + 2), patience);
}, 300_000);

test('a monitor that is ended together with its bot starts no new one and tells of no silence, however late it comes to it', async () => {
  stage = openStage();
  const monitor = stage.monitor([
    ...watching('0.2').filter((word) => word !== '--no-notify'),
    ...['--supervise', '--restart', `exec ${foregroundBot()}`, '--max-age', '0.5'],
  ]);
  await vi.waitFor(() => expect(monitor.said.out).toContain('is healthy'), patience);
  // It gets no processor while both are told to end, it first.
  monitor.child.kill('SIGSTOP');
  monitor.child.kill('SIGTERM');
  const [first = 0] = pids();
  process.kill(first, 'SIGTERM');
  await sleep(2000);
  monitor.child.kill('SIGCONT');
  expect(await monitor.ended).toBe(0);
  expect(pids()).toEqual([first]);
  expect(monitor.said.out).not.toMatch(/❌|🔄/u);
}, 300_000);
