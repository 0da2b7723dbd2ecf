import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRecords } from '@sentinel/history';
import { bundled } from '@sentinel/tooling-vitest/bundled';
import { expect, onTestFinished, test, vi } from 'vitest';

const kills = 30;
const most = 5;
const fixture = bundled(new URL('fixtures/keeps-what-it-tells.ts', import.meta.url));

/** A bot that beats, or is silent, as it is told. It names no process: what a monitor would end is this test. */
const createBot = (file: string) => {
  let run = 0;
  let progress = 0;
  let beats = true;
  const beat = () => {
    if (!beats) return;
    progress += 1;
    const details = { session_active: true, instance: `run-${run}`, progress };
    writeFileSync(`${file}.new`, `✅ On\n${new Date().toISOString()}\n${JSON.stringify(details)}\n`);
    renameSync(`${file}.new`, file);
  };
  const timer = setInterval(beat, 50);
  return {
    silence: () => {
      beats = false;
    },
    begin: () => {
      run += 1;
      beats = true;
    },
    end: () => clearInterval(timer),
  };
};

test('a restarted monitor forgets nothing: killed thirty times at random, no alert is lost or doubled, and the budget holds', {
  timeout: 300_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-killed-'));
  const [file, database, restarts] = ['status.txt', 'sentinel.db', 'restarts'].map((name) =>
    join(folder, name),
  );
  if (file === undefined || database === undefined || restarts === undefined) throw new Error('no paths');
  let monitor: ChildProcess | undefined;
  const bot = createBot(file);
  onTestFinished(async () => {
    bot.end();
    monitor?.kill('SIGKILL');
    if (monitor !== undefined && monitor.exitCode === null && monitor.signalCode === null)
      await once(monitor, 'exit');
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  const start = async () => {
    const args = [fixture, file, database, `echo x >>"${restarts}"`, String(most)];
    monitor = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(monitor.stdout ?? process.stdin, 'data');
    return monitor;
  };

  for (let kill = 0; kill < kills; kill += 1) {
    const running = await start();
    // Each third monitor sees the bot come, go, or stay as it is.
    if (kill % 3 === 1) bot.silence();
    if (kill % 3 === 2) bot.begin();
    await sleep(Math.random() * 900);
    running.kill('SIGKILL');
    await once(running, 'exit');
  }
  bot.begin();
  await start();
  const records = openRecords(database, { readOnly: true });
  onTestFinished(() => records.close());
  await vi.waitFor(
    () => {
      expect(records.incidents({ limit: 1 })[0]?.endedAt).not.toBeNull();
      expect(records.getState('monitor:bot')).toMatchObject({ phase: 'up' });
    },
    { timeout: 60_000, interval: 100 },
  );

  const told = (records.getState('told') ?? []) as string[];
  const ends = told.filter((kind) => kind === 'unhealthy' || kind === 'recovered');
  const incidents = records.incidents({ limit: 1000 });
  // How many is a matter of speed: a monitor that takes long to start sees less of what comes and goes.
  expect(incidents.length, 'there were outages').toBeGreaterThan(0);
  expect(ends, 'each incident was told of once, and so was its end').toEqual(
    incidents.flatMap(() => ['unhealthy', 'recovered']),
  );
  expect(incidents.every(({ endedAt }) => endedAt !== null)).toBe(true);
  const attempts = told.filter((kind) => kind === 'restart-attempted').length;
  const made = existsSync(restarts) ? readFileSync(restarts, 'utf8').trim().split('\n').length : 0;
  expect(attempts).toBeGreaterThan(0);
  expect(attempts, 'all of them lie within one window').toBeLessThanOrEqual(most);
  expect(made, 'none was made that was not told of').toBeLessThanOrEqual(attempts);
});
