import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHeartbeat } from '@sentinel/heartbeat-core';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { openStage } from './stage.ts';

const { folder, run, monitor: start, clear } = openStage();
afterAll(clear);

const until = (look: () => void | Promise<void>) => vi.waitFor(look, { timeout: 60_000, interval: 50 });
const reminders = (text: string) => text.split('\n').filter((line) => line.includes('is still stale')).length;

test('who has the incident is not reminded, by the next monitor neither, and it is noted in the history', async () => {
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const bot = createHeartbeat({ file: join(folder, 'logs/heartbeat_status.txt') });
  bot.update('✅ On', true);
  const args = ['--no-notify', '--max-age', '0.05', '--startup-grace', '0.05', '--remind-every', '0.02'];
  const first = start(args);
  await until(() => expect(first.said.out).toContain('is stale'));
  await until(() => expect(reminders(first.said.out)).toBeGreaterThan(0));

  const given = await run('ack', '--note', 'on it', '--expires', '2h');
  expect(given).toMatchObject({ code: 0, out: 'ack: done\n' });
  expect(first.said.out).toMatch(/alpha: \w+ has the incident: on it\. No reminders for 2 h/);
  expect(await run('note', 'the broker is down')).toMatchObject({ code: 0, out: 'note: done\n' });
  expect(first.said.out).toMatch(/alpha: \w+ notes: the broker is down/);
  const count = reminders(first.said.out);
  // The next one would have come within seconds.
  await sleep(6000);
  expect(reminders(first.said.out)).toBe(count);

  first.child.kill('SIGKILL');
  await first.ended;
  const second = start(args);
  await until(() => expect(second.said.out).toContain('Watching alpha'));
  await sleep(4000);
  expect(reminders(second.said.out)).toBe(0);

  const beats = setInterval(() => bot.update('✅ On', true), 300);
  onTestFinished(() => clearInterval(beats));
  await until(() => expect(second.said.out).toContain('has recovered'));
  expect((await run('history')).out).toMatch(/has the incident: on it.*notes: the broker is down/s);
  expect(await run('ack')).toMatchObject({ code: 1, out: 'ack: refused: no incident is open\n' });
  expect((await run('snooze', 'x')).code).toBe(64);
}, 180_000);
