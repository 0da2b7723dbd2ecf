import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { thisBoot } from '@sentinel/heartbeat-core';
import { expect, test } from 'vitest';
import { monitorSigns } from './monitor-signs.ts';

test.skipIf(process.platform !== 'linux')(
  'a monitor that was killed is gone at once, one of another container may live',
  () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sentinel-gone-')));
    const file = join(folder, 'status.txt');
    let at = 0;
    const clock = { now: () => at, monotonic: () => at };
    const signs = monitorSigns([{ name: 'bot', file }], join(folder, 'sentinel.db'), clock as never);
    const isGone = (bot: string) => signs(bot).isGone();
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

test('a monitor that holds the file and writes only its own status file gives a sign of life', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sentinel-sign-')));
  const file = join(folder, 'status.txt');
  let at = 0;
  const clock = { now: () => at, monotonic: () => at };
  const signs = monitorSigns([{ name: 'bot', file }], join(folder, 'sentinel.db'), clock as never);
  const own = (pid: number, stopped = '') =>
    writeFileSync(
      join(folder, 'heartbeat_monitor_status.txt'),
      `✅ Watching bot\n2026-11-30T12:00:00\n{"session_active": true, "updated_at": "2026-11-30T12:00:00Z", "pid": ${pid}, "host": "here"${stopped}}\n`,
    );
  const sign = () => {
    at += 2000;
    return signs('bot').signAt();
  };
  try {
    expect(sign()).toBeNull();
    const holder = { pid: 4711, host: 'here', started_at: new Date().toISOString(), boot: 'elsewhere' };
    writeFileSync(`${file}.monitor.lock.json`, JSON.stringify(holder));
    expect(sign()).toBeNull();
    own(4711);
    expect(sign()).toBe(Date.parse('2026-11-30T12:00:00Z'));
    own(4712);
    expect(sign()).toBeNull();
    own(4711, ', "stopped": true');
    expect(sign()).toBeNull();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
