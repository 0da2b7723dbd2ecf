import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createHeartbeat } from '@sentinel/heartbeat-core';
import { changeRecords } from '@sentinel/history';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { openStage } from './stage.ts';

const { folder, run, monitor: start, clear } = openStage();
afterAll(clear);

const until = (look: () => void | Promise<void>) => vi.waitFor(look, { timeout: 60_000, interval: 50 });

test('once a day it is said how the bots are, and not again by the next monitor', async () => {
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const bot = createHeartbeat({ file: join(folder, 'logs/heartbeat_status.txt') });
  bot.update('✅ On', true);
  const beats = setInterval(() => bot.update('✅ On', true), 500);
  onTestFinished(() => clearInterval(beats));
  const args = ['--interval', '1', '--all-clear', '00:00'];
  const first = start(args);
  await until(() => expect(first.said.out).toContain('is healthy'));
  expect(await first.stop()).toBe(0);
  // The day on which it begins is not reported.
  expect(first.said.out).not.toContain('All clear');
  const database = join(folder, 'logs/sentinel.db');
  await changeRecords(database, 5000, (records) => records.setState('all-clear', '2000-01-01'));

  const second = start(args);
  await until(() =>
    expect(second.said.out).toContain('✅ All clear: 1 bot, 0 incidents and 0 restarts in 24 hours'),
  );
  expect(await second.stop()).toBe(0);
  const third = start(args);
  await until(() => expect(third.said.out).toContain('Watching alpha'));
  await new Promise((resolve) => setTimeout(resolve, 3000));
  expect(await third.stop()).toBe(0);
  expect(third.said.out).not.toContain('All clear');
  expect(await run('--all-clear', '8 am')).toMatchObject({
    code: 64,
    error: expect.stringContaining('a time of the day such as 08:00'),
  });
}, 180_000);
