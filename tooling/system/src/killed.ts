import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bareEnv, shipped } from '@sentinel/tooling-shipped';

/** How often something is killed: a few times decide, more by `SENTINEL_KILLS=200 pnpm test:system killed`. */
export const kills = (few: number): number => Number(process.env.SENTINEL_KILLS ?? few);

/** A bot that beats until it is killed. */
const beats = `const fs = require('node:fs');
setInterval(() => {
  const status = '✅ On\\n' + new Date().toISOString().replace('Z', '000Z') + '\\n{"session_active": true}\\n';
  fs.writeFileSync('logs/alpha.txt.new', status);
  fs.renameSync('logs/alpha.txt.new', 'logs/alpha.txt');
}, 300);`;

/** A folder with a bot and the shipped monitor, which can be killed. */
export const openVictim = (env: Record<string, string>, args: readonly string[]) => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-killed-'));
  mkdirSync(join(folder, 'logs'));
  let alive: ChildProcess[] = [];
  const start = (...argv: string[]) => {
    const child = spawn(process.execPath, argv, {
      cwd: folder,
      env: bareEnv({ HEARTBEAT_STATUS_FILE: 'logs/alpha.txt', SENTINEL_BOT_NAME: 'alpha', ...env }),
      stdio: 'ignore',
    });
    alive.push(child);
    return child;
  };
  /** As when the power goes: nobody of them does anything any more. */
  const cut = async (...victims: ChildProcess[]) => {
    const ended = victims.map(
      (child) => (child.exitCode ?? child.signalCode) === null && once(child, 'exit'),
    );
    for (const child of victims) child.kill('SIGKILL');
    await Promise.all(ended);
    alive = alive.filter((child) => !victims.includes(child));
  };
  return {
    folder,
    bot: () => start('-e', beats),
    monitor: () => start(shipped('monitor'), ...args),
    cut,
    log: () => readFileSync(join(folder, 'logs/heartbeat_monitor.log'), 'utf8'),
    clear: async () => {
      await cut(...alive);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

/** Waits for something. Throws when it does not come. */
export const awaited = async (what: string, is: () => boolean, limitMs = 60_000): Promise<void> => {
  const end = performance.now() + limitMs;
  while (!is()) {
    if (performance.now() > end) throw new Error(`${what}: not within ${limitMs / 1000} s`);
    await sleep(20);
  }
};
