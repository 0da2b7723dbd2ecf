import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultHealthPolicy } from '@sentinel/heartbeat-core';
import { openStore } from '@sentinel/history';
import type { Notification } from '@sentinel/notify';
import { expect, onTestFinished, test } from 'vitest';
import { defaultRestartPolicy, startMonitor } from '../src/index.ts';
import { command, file, simulateMachine } from './simulated-machine.ts';

const minute = 60_000;

/** The whole monitor, with its journal, on a machine that is simulated. */
const watch = () => {
  const machine = simulateMachine();
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-simulated-'));
  const store = openStore(join(folder, 'sentinel.db'), { clock: machine.storeClock });
  const told: Notification[] = [];
  const pid = machine.startBot();
  const start = () =>
    startMonitor({
      ...machine.ports,
      bots: [
        {
          name: 'bot',
          file,
          command,
          health: { ...defaultHealthPolicy, maxAgeMs: minute },
          restart: { ...defaultRestartPolicy, graceMs: minute, maxAgeMs: minute },
          marketHours: null,
        },
      ],
      intervalMs: minute,
      store,
      notifier: { notify: (notification) => void told.push(notification) },
      log: { info: () => {}, warn: () => {}, error: (line) => expect(line).toBe('no error') },
    });
  let monitor = start();
  onTestFinished(async () => {
    await monitor.stop();
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    ...machine,
    views: () => monitor.views(),
    stop: () => monitor.stop(),
    startAnew: () => {
      monitor = start();
    },
    told,
    pid,
    kinds: () => told.map(({ kind }) => kind),
  };
};

test('eight hours in which the bot beats pass without a word', async () => {
  const { pass, kinds, views } = watch();
  await pass(8 * 60 * minute);
  expect(kinds()).toEqual([]);
  expect(views()).toMatchObject([{ state: 'healthy', phase: 'up' }]);
}, 300_000);

test('a bot that hangs and does not listen to TERM is killed, replaced once, and the new start is proven', async () => {
  const { pass, kinds, hang, pid, bots, started, now } = watch();
  await pass(5 * minute);
  hang(pid, true);
  const hungAt = now();
  await pass(5 * minute);
  expect(kinds()).toEqual(['unhealthy', 'restart-attempted', 'restart-verified', 'recovered']);
  expect(bots().map((each) => each.pid)).toEqual([pid + 1]);
  expect(started).toHaveLength(1);
  // Max-age after the last beat, and TERM's five seconds.
  expect((started[0] ?? 0) - hungAt).toBeLessThan(minute + 6000);
}, 60_000);

test('a bot that crashes again and again is restarted within its budget, then a person is asked for', async () => {
  const { pass, kinds, crash, bots, started } = watch();
  for (let crashes = 0; crashes < 12; crashes += 1) {
    await pass(2 * minute);
    for (const { pid } of bots()) crash(pid);
  }
  expect(started).toHaveLength(defaultRestartPolicy.most);
  expect(kinds().filter((kind) => kind === 'budget-exhausted')).toHaveLength(1);
}, 60_000);

test('a bot that fell silent while no monitor ran is told of, however short the lives of the next monitors are', async () => {
  const { pass, kinds, hang, pid, stop, startAnew } = watch();
  await pass(5 * minute);
  await stop();
  hang(pid, true);
  await pass(2 * minute);
  // Each has less time than the grace that the first of them has given.
  for (let lives = 0; lives < 3; lives += 1) {
    startAnew();
    await pass(minute / 2);
    await stop();
  }
  expect(kinds()).toContain('unhealthy');
}, 60_000);

test('a file that can be read again is read within seconds, though nothing announces it', async () => {
  const { pass, blind, hang, pid, views } = watch();
  await pass(minute);
  blind(true);
  await pass(15_000);
  hang(pid);
  expect(views()).toMatchObject([{ state: 'unknown' }]);
  await pass(20_000);
  blind(false);
  await pass(6000);
  expect(views()).toMatchObject([{ state: 'healthy' }]);
});
