import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { thisBoot } from '@sentinel/heartbeat-core';
import { expect, test } from 'vitest';
import { monitorGone } from './monitor-gone.ts';

test.skipIf(process.platform !== 'linux')(
  'a monitor that was killed is gone at once, one of another container may live',
  () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sentinel-gone-')));
    const file = join(folder, 'status.txt');
    let at = 0;
    const clock = { now: () => at, monotonic: () => at };
    const isGone = monitorGone([{ name: 'bot', file }], clock as never);
    const hold = (pid: number, boot: string | null) => {
      const holder = { pid, host: hostname(), started_at: new Date().toISOString(), boot };
      writeFileSync(`${file}.monitor.lock.json`, JSON.stringify(holder));
      at += 2000;
    };
    try {
      expect(isGone('bot')).toBe(false);
      hold(process.pid, thisBoot());
      expect(isGone('bot')).toBe(false);
      hold(4_194_999, thisBoot());
      expect(isGone('bot')).toBe(true);
      hold(4_194_999, 'another pid:[1]');
      expect(isGone('bot')).toBe(false);
      expect(isGone('nobody')).toBe(false);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
