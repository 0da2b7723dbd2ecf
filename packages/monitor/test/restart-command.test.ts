import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readHeartbeatOnce } from '@sentinel/heartbeat-core';
import { describe, expect, test, vi } from 'vitest';
import { openStage } from './stage.ts';

const patience = { timeout: 100_000, interval: 50 };

describe.runIf(existsSync('/proc/self/stat')).concurrent('the restart command', () => {
  test('one that hangs is ended at its timeout with all that it started, and its last words are told without secrets', async ({
    onTestFinished,
  }) => {
    const stage = openStage();
    onTestFinished(stage.clear);
    const pids = join(stage.folder, 'pids');
    const says = 'echo "token=abcdef0123456789"; echo "the broker is away"';
    stage.monitor(`${says}; sleep 987 & echo $! >>"${pids}"; echo $$ >>"${pids}"; sleep 987`, 2000);
    await vi.waitFor(() => expect(stage.everyBot().length).toBeGreaterThanOrEqual(2), patience);
    const first = stage.everyBot().slice(0, 2);
    await vi.waitFor(() => {
      const lines = stage.lines.join('\n');
      // How long is told from when the command began, and a busy machine begins it later than it was ordered.
      expect(lines).toMatch(/The restart command has run for \d+ s, and no beat/);
      expect(stage.lines.find((line) => line.includes('restart 1 failed'))).toContain('the broker is away');
      expect(stage.living().filter((pid) => first.includes(pid))).toEqual([]);
    }, patience);
    expect(stage.lines.filter((line) => line.startsWith('told')).join('\n')).not.toContain(
      'abcdef0123456789',
    );
  });

  test('one that stays in the foreground is a bot and no hang: it is known by its beats', async ({
    onTestFinished,
  }) => {
    const stage = openStage();
    onTestFinished(stage.clear);
    const timeoutMs = 1500;
    stage.monitor(stage.command(), timeoutMs);
    await vi.waitFor(() => {
      const reading = readHeartbeatOnce(stage.file);
      const record = reading.kind === 'beat' ? reading.record : null;
      expect((record?.updatedAt ?? 0) - (record?.startedAt ?? Infinity)).toBeGreaterThan(3 * timeoutMs);
      expect(stage.living()).toEqual([record?.pid]);
    }, patience);
    expect(stage.lines.join('\n')).not.toContain('The restart command has run');
  });
});
