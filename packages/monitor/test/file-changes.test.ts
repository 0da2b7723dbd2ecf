import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultHealthPolicy } from '@sentinel/heartbeat-core';
import { openStore } from '@sentinel/history';
import { describe, expect, type TestContext, test, vi } from 'vitest';
import { defaultRestartPolicy, startMonitor } from '../src/index.ts';

const patience = { timeout: 30_000, interval: 20 };
const silent = { info: () => {}, warn: () => {}, error: () => {} };

// Without a process id: what a monitor would end is this test.
const text = (progress: number) =>
  `✅ On\n${new Date().toISOString()}\n${JSON.stringify({ session_active: true, progress })}\n`;

/** A monitor that watches a file by its folder's events alone, or by its interval alone. */
const stage = (watch: boolean, { onTestFinished }: TestContext) => {
  const root = mkdtempSync(join(tmpdir(), 'sentinel-file-'));
  const folder = join(root, 'logs');
  const file = join(folder, 'heartbeat_status.txt');
  const store = openStore(join(root, 'sentinel.db'));
  let progress = 0;
  const start = () => {
    const monitor = startMonitor({
      bots: [
        {
          name: 'bot',
          file,
          watch,
          health: { ...defaultHealthPolicy, maxAgeMs: 600_000 },
          restart: { ...defaultRestartPolicy, enabled: false, graceMs: 0 },
          marketHours: null,
        },
      ],
      intervalMs: watch ? 3_600_000 : 100,
      store,
      notifier: { notify: () => {} },
      log: silent,
    });
    onTestFinished(async () => {
      await monitor.stop();
      store.close();
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    });
    return (state: string) => vi.waitFor(() => expect(monitor.views()[0]?.state).toBe(state), patience);
  };
  return {
    root,
    folder,
    file,
    start,
    replace: () => {
      progress += 1;
      writeFileSync(`${file}.tmp`, text(progress));
      renameSync(`${file}.tmp`, file);
    },
    rewrite: () => {
      progress += 1;
      writeFileSync(file, text(progress));
    },
  };
};

describe.concurrent.each([
  ['with events', true],
  ['on a file system without events', false],
])('%s the monitor finds', (_name, watch) => {
  test('a folder that is gone, and made later with a file in it', async (context) => {
    const { start, folder, replace } = stage(watch, context);
    const becomes = start();
    await becomes('unknown');
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    replace();
    await becomes('healthy');
  });

  test('a file that is missing, then comes, is deleted and comes again', async (context) => {
    const { start, folder, file, replace } = stage(watch, context);
    mkdirSync(folder);
    const becomes = start();
    await becomes('unknown');
    replace();
    await becomes('healthy');
    rmSync(file);
    await becomes('unknown');
    replace();
    await becomes('healthy');
  });

  test('a file that is truncated in place and written again', async (context) => {
    const { start, folder, file, replace, rewrite } = stage(watch, context);
    mkdirSync(folder);
    replace();
    const becomes = start();
    await becomes('healthy');
    truncateSync(file);
    await becomes('unknown');
    rewrite();
    await becomes('healthy');
  });

  test('a folder that is moved away and made anew', async (context) => {
    const { start, root, folder, replace } = stage(watch, context);
    mkdirSync(folder);
    replace();
    const becomes = start();
    await becomes('healthy');
    renameSync(folder, join(root, 'old'));
    await becomes('unknown');
    mkdirSync(folder);
    replace();
    await becomes('healthy');
  });

  test('a file behind a link that is replaced where it lies, and a link that is set anew', async (context) => {
    const { start, root, folder, file } = stage(watch, context);
    mkdirSync(folder);
    for (const name of ['one', 'two']) mkdirSync(join(root, name));
    symlinkSync(join(root, 'one/status.txt'), file);
    const becomes = start();
    await becomes('unknown');
    writeFileSync(join(root, 'one/status.txt'), text(1));
    await becomes('healthy');
    rmSync(join(root, 'one/status.txt'));
    await becomes('unknown');
    symlinkSync(join(root, 'two/status.txt'), `${file}.tmp`);
    renameSync(`${file}.tmp`, file);
    writeFileSync(join(root, 'two/status.txt.tmp'), text(2));
    renameSync(join(root, 'two/status.txt.tmp'), join(root, 'two/status.txt'));
    await becomes('healthy');
  });
});
