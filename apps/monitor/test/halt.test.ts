import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createHeartbeat } from '@sentinel/heartbeat-core';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { openStage } from './stage.ts';

const { folder, run, monitor: start, clear } = openStage();
afterAll(clear);

const until = (look: () => void | Promise<void>) => vi.waitFor(look, { timeout: 60_000, interval: 50 });
const count = (text: string, words: RegExp) => text.split('\n').filter((line) => words.test(line)).length;

test('a person halts a bot by command: told once, shown, exit code 1, not restarted, until unhalt', async () => {
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const bot = createHeartbeat({ file: join(folder, 'logs/heartbeat_status.txt') });
  bot.update('✅ On', true);
  const beats = setInterval(() => bot.update('✅ On', true), 500);
  onTestFinished(() => clearInterval(beats));
  const restarted = join(folder, 'restarted');
  const args = ['--no-notify', '--max-age', '0.1', '--startup-grace', '0.1', '--restart-ends-bot'];
  const { said } = start([...args, '--restart', `touch ${restarted}`]);
  await until(() => expect(said.out).toContain('is healthy'));

  const given = await run('halt', '--reason', 'daily loss', '--for', '2h');
  expect(given).toMatchObject({ code: 0, out: 'halt: done\n' });
  await until(async () => {
    const { code, out } = await run('--check');
    expect(code).toBe(1);
    expect(out).toMatch(/^HEARTBEAT WARNING - alpha halted .*daily loss \(halted by \w+\)/);
  });
  const { code, out } = await run('status');
  expect(code).toBe(1);
  expect(out).toMatch(/daily loss \(halted by \w+\), for \d h/);

  clearInterval(beats);
  // Silent, it is told as stale, and not restarted.
  await until(() =>
    expect(said.out).toMatch(/is stale.*Not restarted.*a person has halted the bot: daily loss/),
  );
  expect(await run('restart')).toMatchObject({
    code: 1,
    out: expect.stringContaining('refused: a person has halted'),
  });
  expect(count(said.out, /alpha is halted for 2 h\w* by \w+: daily loss/)).toBe(1);
  expect(existsSync(restarted)).toBe(false);

  expect(await run('unhalt')).toMatchObject({ code: 0, out: 'unhalt: done\n' });
  expect((await run('unhalt')).out).toContain('nobody has halted it');
  await until(() => expect(existsSync(restarted)).toBe(true));
}, 180_000);
