import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultHealthPolicy } from '@sentinel/heartbeat-core';
import { openStore } from '@sentinel/history';
import type { Notification } from '@sentinel/notify';
import { describe, expect, test, vi } from 'vitest';
import { type BotOptions, defaultRestartPolicy, startMonitor } from '../src/index.ts';
import { openStage } from './stage.ts';

const patience = { timeout: 120_000, interval: 50 };
const never = 3_600_000;

describe.runIf(existsSync('/proc/self/stat'))('restarts of several bots', { timeout: 300_000 }, () => {
  test('one slow start program does not hold up the others: a bot beside it is found and restarted in its time', async ({
    onTestFinished,
  }) => {
    const stage = openStage();
    onTestFinished(stage.clear);
    const store = openStore(join(stage.folder, 'sentinel.db'));
    onTestFinished(() => store.close());
    const told: Notification[] = [];
    const bot = (name: string, file: string, command: string, graceMs: number): BotOptions => ({
      name,
      file,
      command,
      // In a container not all processes can be seen, so the absence of a bot would prove nothing.
      commandEndsBot: true,
      health: { ...defaultHealthPolicy, maxAgeMs: 1000 },
      restart: {
        ...defaultRestartPolicy,
        graceMs,
        backoffMs: never,
        longestBackoffMs: never,
        restartTimeoutMs: never,
      },
      marketHours: null,
    });
    const hangs = `echo $$ >>"${join(stage.folder, 'pids')}"; exec sleep 987`;
    // Beats that name no process: this one is no bot that a restart may end.
    const beat = () => {
      writeFileSync(`${stage.file}.new`, `✅ On\n${new Date().toISOString()}\n{"session_active": true}\n`);
      renameSync(`${stage.file}.new`, stage.file);
    };
    beat();
    const beating = setInterval(beat, 200);
    onTestFinished(() => clearInterval(beating));
    const monitor = startMonitor({
      bots: [
        bot('slow', join(stage.folder, 'slow.txt'), hangs, 300),
        bot('quick', stage.file, stage.command(), 60_000),
      ],
      intervalMs: 60_000,
      store,
      notifier: { notify: (notification) => void told.push(notification) },
      log: { info: () => {}, warn: () => {}, error: () => {} },
    });
    onTestFinished(() => monitor.stop());

    await vi.waitFor(() => expect(stage.living()).toHaveLength(1), patience);
    const slow = stage.living();
    // The start program of one hangs: now the other one dies.
    clearInterval(beating);
    await vi.waitFor(
      () => expect(told).toContainEqual(expect.objectContaining({ kind: 'restart-verified', bot: 'quick' })),
      patience,
    );
    expect(stage.living()).toEqual(expect.arrayContaining(slow));
    expect(told.filter((each) => each.bot === 'quick').map(({ kind }) => kind)).toEqual([
      'unhealthy',
      'restart-attempted',
      'restart-verified',
      'recovered',
    ]);
  });
});
