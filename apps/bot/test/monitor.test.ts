import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readHeartbeat } from '@sentinel/heartbeat-core';
import { bareEnv, shipped } from '@sentinel/tooling-shipped';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { orderDrill } from '../src/drills/order.ts';
import { until } from './support/bot.ts';
import { headlessChromium } from './support/browser.ts';
import { account, startTestSite, type TestSite, tempFolder } from './support/site.ts';

describe.runIf(headlessChromium !== null)('a monitor over the bot', () => {
  let temp: ReturnType<typeof tempFolder>;
  let site: TestSite;
  beforeEach(async () => {
    temp = tempFolder();
    site = await startTestSite();
  });
  afterEach(async () => {
    await site.stop();
    temp.remove();
  });

  // One that has ended stays in the table of processes until its parent, or init after it, has asked for its exit code.
  const isAlive = (pid: number) => {
    try {
      return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return false;
    }
  };

  test('a hung bot is ended and restarted, and the session is signed in again', async () => {
    const logs = join(temp.folder, 'logs');
    const signedInBot = async () => {
      const reading = await readHeartbeat(join(logs, 'heartbeat_status.txt'));
      if (reading.kind !== 'beat') return null;
      const { record } = reading;
      return record.sessionActive && record.progress !== undefined ? record : null;
    };
    const restart = [process.execPath, shipped('bot')].map((word) => `"${word}"`).join(' ');
    const flags = [
      '--max-age',
      '0.5',
      '--startup-grace',
      '4',
      '--interval',
      '1',
      '--no-notify',
      '--pass-env',
      'SENTINEL_DRILLS',
    ];
    const monitor = spawn(
      process.execPath,
      [shipped('monitor'), ...flags, '--supervise', '--restart', restart],
      {
        cwd: temp.folder,
        stdio: 'ignore',
        env: bareEnv({
          // Other tests run the same program at the same time: by this a monitor knows that theirs is another bot.
          HEARTBEAT_STATUS_FILE: join(logs, 'heartbeat_status.txt'),
          HOME: temp.folder,
          CHROME_PATH: headlessChromium ?? '',
          BULENOX_LOGIN_URL: `${site.url}/login`,
          BULENOX_USERNAME: account.username,
          BULENOX_PASSWORD: account.password,
          POLLING_INTERVAL_SECONDS: '0.2',
          SENTINEL_DRILLS: '1',
        }),
      },
    );
    const ended = once(monitor, 'exit');
    try {
      const first = await until('the first sign-in', signedInBot, 300_000);
      // The broker has ended its session by the time the new bot comes: only a real sign-in brings it back.
      const drill = { kind: 'hang', seconds: 1, times: 1, at: Date.now() } as const;
      expect(await orderDrill({ folder: join(logs, 'data'), drill, withinMs: 60_000 })).toBe(true);
      site.sessions.dropAll();
      const second = await until(
        'a new bot that is signed in',
        async () => {
          const record = await signedInBot();
          return record !== null && record.pid !== first.pid ? record : null;
        },
        300_000,
      );
      expect(second.instance).not.toBe(first.instance);
      expect(isAlive(first.pid ?? 0)).toBe(false);
      expect(site.sessions.count()).toBe(1);
      expect(site.sessions.attempts()).toBe(2);
    } finally {
      monitor.kill('SIGTERM');
      await ended;
    }
  }, 700_000);
});
