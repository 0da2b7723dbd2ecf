import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readHeartbeat } from '@sentinel/heartbeat-core';
import { bareEnv, shipped } from '@sentinel/tooling-shipped';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Drill } from '../src/drills/command.ts';
import { orderDrill } from '../src/drills/order.ts';
import { startBot, until } from './support/bot.ts';
import { tempFolder } from './support/site.ts';

// The demo without a browser: it signs in to its own site over HTTP, which is all that these questions need.
const demo = { CHROME_PATH: '/nowhere/chromium', SENTINEL_SPEED: '20', POLLING_INTERVAL_SECONDS: '0.05' };

let temp: ReturnType<typeof tempFolder>;
beforeEach(() => {
  temp = tempFolder();
});
afterEach(() => temp.remove());

const drill = (...args: string[]) =>
  spawnSync(process.execPath, [shipped('bot'), 'drill', ...args], {
    cwd: temp.folder,
    env: bareEnv(),
    encoding: 'utf8',
    timeout: 100_000,
  });
const order = async (kind: Drill['kind'], seconds = 1) => {
  const drilled: Drill = { kind, seconds, times: 2, at: Date.now() };
  expect(await orderDrill({ folder: join(temp.folder, 'logs/data'), drill: drilled, withinMs: 20_000 })).toBe(
    true,
  );
};
const health = async () => {
  const reading = await readHeartbeat(join(temp.folder, 'logs/heartbeat_status.txt'));
  return reading.kind === 'beat' ? reading.record : null;
};

test('the demo shows signals, rejections, trades, a rejected login, profit and loss', async () => {
  await using bot = startBot(temp.folder, {
    ...demo,
    LOGIN_TIMEOUT_MINUTES: '0.01',
    LOGIN_RETRY_SECONDS: '0.1',
  });
  await Promise.all(
    [
      'Signal detected',
      'Signal rejected',
      'Trade executed',
      'Login failed',
      'by target, +',
      'by stop, -',
    ].map((text) => bot.sees(text)),
  );
  expect(await bot.stop()).toEqual({ code: 0, signal: null });
});

test('a restarted demo goes on: no signal is traded twice', async () => {
  for (const run of [1, 2]) {
    await using bot = startBot(temp.folder, demo);
    await bot.sees('Trade executed', run - 1);
    await bot.stop();
  }
  const { DatabaseSync } = await import('node:sqlite');
  const paper = new DatabaseSync(join(temp.folder, 'logs/data/paper-broker.db'));
  const memory = new DatabaseSync(join(temp.folder, 'logs/data/bot.db'));
  const paperOrders = paper.prepare('SELECT id FROM orders ORDER BY id').all();
  const filled = memory
    .prepare("SELECT id FROM orders WHERE state IN ('filled', 'rejected') ORDER BY id")
    .all();
  paper.close();
  memory.close();
  expect(filled).toEqual(paperOrders);
});

test('a second start ends with its own exit code and a clear line, and the first goes on', async () => {
  await using first = startBot(temp.folder, demo);
  await first.sees('Cycle complete');
  await using second = startBot(temp.folder, demo);
  expect(await second.exited).toEqual({ code: 3, signal: null });
  expect(second.output()).toContain(`process ${first.pid}`);
  await first.sees('Cycle complete', first.count('Cycle complete'));
  expect((await health())?.pid).toBe(first.pid);
});

test('drill crash: the bot is gone at once, and the next start goes on', async () => {
  await using bot = startBot(temp.folder, demo);
  await bot.sees('Cycle complete');
  expect(drill('crash').status).toBe(0);
  expect((await bot.exited).signal).toBe('SIGKILL');
  await using next = startBot(temp.folder, demo);
  await next.sees('Cycle complete', bot.count('Cycle complete'));
});

test('drills error-loop, login-fails and slow show just that, and the loop lives on', async () => {
  await using bot = startBot(temp.folder, {
    ...demo,
    ERROR_WAIT_SECONDS: '0.05',
    LOGIN_RETRY_SECONDS: '0.1',
  });
  await bot.sees('Cycle complete');
  await order('error-loop', 600);
  await bot.sees('❌ Trading loop error - the drill error-loop is on', 2);
  // The newest order is the one that counts: this ends it.
  await order('error-loop', 0.001);
  await bot.sees('Cycle complete', bot.count('Cycle complete'));

  const signIns = bot.count('Login successful');
  await order('login-fails');
  await bot.sees('Session lost');
  await bot.sees('failures in a row: 2');
  await bot.sees('Login successful', signIns);
  await bot.sees('Cycle complete', bot.count('Cycle complete'));

  await order('slow', 60);
  await bot.sees('Drill - slow', 1);
  const before = await health();
  await bot.sees('Drill - slow', 3);
  const after = await health();
  expect(after?.progress).toBe(before?.progress);
  expect(after?.seq).toBeGreaterThan(before?.seq ?? 0);
  expect((await bot.stop()).code).toBe(0);
});

test('drill duplicate starts nothing and writes nothing where no bot runs, or where drills are off', async () => {
  await using alone = startBot(temp.folder, demo, ['drill', 'duplicate', '--seconds', '0.1']);
  expect((await alone.exited).code).toBe(1);
  expect(alone.output()).toContain('does a bot run on');

  const account = { ...demo, BULENOX_USERNAME: 'somebody', BULENOX_PASSWORD: 'their-password' };
  for (const settings of [account, { ...demo, SENTINEL_DRILLS: '0' }]) {
    await using off = startBot(temp.folder, settings, ['drill', 'duplicate', '--seconds', '0.1']);
    expect((await off.exited).code).toBe(1);
    expect(off.output()).toContain('Drills are off');
  }
  expect(alone.log()).toEqual([]);
  expect(await health()).toBeNull();
});

test('without drills switched on the order for one is left alone', async () => {
  await using bot = startBot(temp.folder, { ...demo, SENTINEL_DRILLS: 'no' });
  await bot.sees('Cycle complete');
  writeFileSync(join(temp.folder, 'logs/data/drill.json'), 'no order');
  await bot.sees('Cycle complete', bot.count('Cycle complete') + 1);
  expect(existsSync(join(temp.folder, 'logs/data/drill.json'))).toBe(true);
});

test('settings that cannot be used are named, without their values', async () => {
  await using bot = startBot(temp.folder, { BULENOX_USERNAME: 'somebody', MAX_QUANTITY: 'secret-text' });
  expect((await bot.exited).code).toBe(2);
  expect(bot.output()).toContain('MAX_QUANTITY');
  expect(bot.output()).not.toContain('secret-text');
});

test('a hung bot does not answer to SIGTERM: that is what a monitor is for', async () => {
  await using bot = startBot(temp.folder, demo);
  await bot.sees('Cycle complete');
  await order('hang');
  await until('the drill', () => bot.beats().at(-1)?.includes('Drill - hang'));
  const before = await health();
  bot.kill('SIGTERM');
  expect((await health())?.seq).toBe(before?.seq);
});
