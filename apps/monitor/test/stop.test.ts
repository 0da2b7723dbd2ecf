import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { openStage } from './stage.ts';

const { folder, run, monitor, clear } = openStage();
const pidsFile = join(folder, 'pids');
/** The bots that were started: where the test fails, the monitor that is killed leaves one behind. */
const pids = () => readFileSync(pidsFile, 'utf8').trim().split('\n').map(Number);
const beat = () => readFileSync(join(folder, 'logs/heartbeat_status.txt'), 'utf8');
afterAll(() => {
  const left = existsSync(pidsFile) ? pids() : [];
  clear();
  for (const pid of left) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
});

const until = (look: () => void | Promise<void>) => vi.waitFor(look, { timeout: 60_000, interval: 50 });

test('a person stops a supervised bot and starts it again; the stop outlives the monitor, and no silence is told', async () => {
  const bot = `${process.execPath} ${join(import.meta.dirname, 'fixtures/bot.ts')} logs/heartbeat_status.txt ${pidsFile}`;
  const args = ['--no-notify', '--max-age', '3s', '--startup-grace', '20s', '--supervise', '--restart', bot];
  const first = monitor(args);
  await until(() => expect(first.said.out).toContain('is healthy'));
  const [pid = 0] = pids();

  expect(await run('stop', 'alpha', '--reason', 'new version')).toMatchObject({
    code: 0,
    out: 'stop: done\n',
  });
  const last = beat();
  const shown = /alpha stopped.*stopped by \w+ since \d{4}-\d\d-\d\d \d\d:\d\d UTC: new version/;
  const { code, out } = await run('status');
  expect([code, out], first.said.out).toEqual([1, expect.stringMatching(shown)]);
  expect((await run('list')).out).toMatch(/alpha +stopped .*stopped by/);

  await first.stop();
  const second = monitor(args);
  await until(() => expect(second.said.out).toContain('stopped by'));
  // Longer than max-age, and than what a bot that is down would take to be restarted.
  await new Promise((resolve) => setTimeout(resolve, 5000));
  expect((await run('--check')).out).toMatch(shown);
  expect(pids()).toEqual([pid]);
  expect(beat()).toBe(last);
  expect(first.said.out + second.said.out).not.toMatch(/is (stale|down)/);
  expect((await run('restart')).out).toContain('refused: stopped by');

  expect((await run('start', 'alpha')).code).toBe(0);
  await until(() => expect(second.said.out).toMatch(/restart 1.*(worked|proven|verified)/i));
  expect(pids()).toHaveLength(2);
  expect((await run('start')).out).toContain('it is not stopped');
  expect((await run('--check')).code).toBe(0);
  await second.stop();
}, 180_000);
