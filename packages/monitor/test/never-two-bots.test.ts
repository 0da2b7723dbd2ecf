import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readHeartbeatOnce } from '@sentinel/heartbeat-core';
import { openRecords } from '@sentinel/history';
import { describe, expect, type TestContext, test, vi } from 'vitest';
import { openStage } from './stage.ts';

const patience = { timeout: 150_000, interval: 50 };

/** A stage of one test's own, so that the tests wait beside each other. */
const set = ({ onTestFinished }: TestContext) => {
  const stage = openStage();
  onTestFinished(stage.clear);
  return {
    ...stage,
    running: (count: number) =>
      vi.waitFor(() => {
        expect(stage.everyBot()).toHaveLength(count);
        const reading = readHeartbeatOnce(stage.file);
        expect(reading.kind === 'beat' && reading.record.pid).toBe(stage.everyBot().at(-1));
      }, patience),
    says: (text: string) => vi.waitFor(() => expect(stage.lines.join('\n')).toContain(text), patience),
    onlyTheLast: () => expect(stage.living()).toEqual([stage.everyBot().at(-1)]),
  };
};

const killed = async (child: ChildProcess) => {
  child.kill('SIGKILL');
  await once(child, 'exit');
};

/** What the monitor knows of the process lands with the rest of what it saw, within a second. */
const isWrittenDown = async ({ onTestFinished }: TestContext, stage: ReturnType<typeof set>) => {
  const records = openRecords(stage.database, { readOnly: true });
  onTestFinished(records.close);
  const pid = stage.everyBot()[0];
  await vi.waitFor(() => expect(records.getState('process:bot')).toMatchObject({ known: { pid } }), patience);
  return pid;
};

describe.runIf(existsSync('/proc/self/stat')).concurrent('never two bots', { timeout: 400_000 }, () => {
  test('a bot that hangs is ended before another one is started', async (context) => {
    const stage = set(context);
    const hung = stage.bot();
    await stage.running(1);
    stage.monitor(stage.command());
    await stage.says('is healthy');
    hung.kill('SIGSTOP');
    await stage.running(2);
    stage.onlyTheLast();
    await stage.says('has recovered');
  });

  test('a bot that ignores SIGTERM is killed before another one is started', async (context) => {
    const stage = set(context);
    const deaf = stage.bot('ignores-term');
    await stage.running(1);
    // Its loop stands still in every respect but one: it does not die of TERM.
    stage.monitor(stage.command());
    await stage.says('is healthy');
    deaf.kill('SIGSTOP');
    await stage.says('attempt 1 of');
    deaf.kill('SIGCONT');
    await stage.running(2);
    stage.onlyTheLast();
  });

  test.for([
    ['forks', ''],
    ['leaves its process group', 'setsid '],
  ] as const)(
    'a restart command that %s leaves a bot that the next restart ends',
    async ([, prefix], context) => {
      const stage = set(context);
      stage.monitor(`${prefix}${stage.command()} &`, 10_000);
      await stage.running(1);
      await stage.says('The restart command ended');
      process.kill(stage.everyBot()[0] ?? 0, 'SIGSTOP');
      await stage.running(2);
      stage.onlyTheLast();
    },
  );

  test('two monitors started on one file: the second refuses, naming the first, and the bot is restarted once', async (context) => {
    const stage = set(context);
    const bot = stage.bot();
    await stage.running(1);
    const first = stage.monitor(stage.command());
    await stage.says('is healthy');
    const second = stage.monitor(stage.command());
    expect(await once(second, 'exit')).toEqual([1, null]);
    await stage.says(`process ${first.pid} on ${hostname()}`);
    bot.kill('SIGSTOP');
    await stage.running(2);
    await stage.says('has recovered');
    stage.onlyTheLast();
  });

  test('a bot that never beats is ended before the next attempt', async (context) => {
    const stage = set(context);
    stage.monitor(stage.command('never-beats'), 8000);
    await vi.waitFor(() => expect(stage.everyBot()).toHaveLength(2), patience);
    await vi.waitFor(stage.onlyTheLast, patience);
  });

  test('a monitor that starts over an empty file ends the bot that wrote it', async (context) => {
    const stage = set(context);
    stage.bot();
    await stage.running(1);
    const first = stage.monitor(stage.command());
    await stage.says('is healthy');
    await isWrittenDown(context, stage);
    await killed(first);
    process.kill(stage.everyBot()[0] ?? 0, 'SIGSTOP');
    writeFileSync(stage.file, '');
    stage.monitor(stage.command(), 2000);
    await stage.running(2);
    stage.onlyTheLast();
  });

  test.runIf(process.getuid?.() === 0)(
    "a bot of another user's that cannot be ended is not doubled",
    async (context) => {
      const stage = set(context);
      stage.open();
      stage.bot();
      await stage.running(1);
      stage.monitor(stage.command(), 2000, { user: 65_534 });
      await stage.says('is healthy');
      process.kill(stage.everyBot()[0] ?? 0, 'SIGSTOP');
      await stage.says("which the last beat names, is another user's");
      expect(stage.everyBot()).toHaveLength(1);
    },
  );

  test.for([
    ['before the bot is ended', null],
    ['while the bot is being ended', 'SIGTERM is sent to'],
  ] as const)(
    'a journal that is locked %s puts off the restart, and costs no attempt',
    async ([, from], context) => {
      const stage = set(context);
      // Nothing but its process group tells which process the bot is.
      const script = join(stage.folder, 'start.sh');
      writeFileSync(script, `#!/bin/sh\nexec ${stage.command('names-nothing')}\n`, { mode: 0o755 });
      stage.monitor(script, 4000);
      await stage.says('Restarts of bot: safe: process group');
      const other = new DatabaseSync(stage.database, { timeout: 20_000 });
      context.onTestFinished(() => other.close());
      const lock = () => other.exec('BEGIN EXCLUSIVE');
      if (from === null) lock();
      const told = stage.lines.length;
      process.kill(stage.everyBot()[0] ?? 0, 'SIGSTOP');
      if (from !== null) {
        await stage.says(from);
        lock();
      }
      await stage.says('the journal cannot be written');
      expect(stage.everyBot()).toHaveLength(1);
      expect(stage.living()).toHaveLength(from === null ? 1 : 0);
      other.exec('ROLLBACK');
      const since = () => stage.lines.slice(told).join('\n');
      await vi.waitFor(() => expect(since()).toContain('restart 2 worked'), patience);
      expect(stage.everyBot()).toHaveLength(2);
      stage.onlyTheLast();
      expect(since()).not.toMatch(/attempt 3 of|failed/);
    },
  );

  test('a bot of the file that the name had before is left alone', async (context) => {
    const stage = set(context);
    stage.bot();
    await stage.running(1);
    const first = stage.monitor(stage.command());
    await stage.says('is healthy');
    const pid = await isWrittenDown(context, stage);
    await killed(first);
    const file = join(stage.folder, 'another.txt');
    writeFileSync(file, '✅ On\n2026-01-01T00:00:00Z\n{"session_active":true}\n');
    stage.monitor('exec sleep 60', 2000, { watched: file });
    await stage.says('was the name of another file before');
    await stage.says('Not restarted, since that is not safe');
    expect(stage.living()).toEqual([pid]);
  });

  test('a monitor that is killed in the middle of a restart finds the bot that it started', async (context) => {
    const stage = set(context);
    const first = stage.monitor(stage.command('never-beats'), 20_000);
    await vi.waitFor(() => expect(stage.everyBot()).toHaveLength(1), patience);
    await killed(first);
    stage.onlyTheLast();
    stage.monitor(stage.command(), 8000);
    await stage.running(2);
    stage.onlyTheLast();
  });
});
