import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shipped } from '@sentinel/tooling-shipped';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStage, pidIn, until } from './processes.ts';
import { startWebhook } from './webhook.ts';

type Status = { status: string; session_active: boolean; health: string; instance: string | null };

let folder: string;
let webhook: Awaited<ReturnType<typeof startWebhook>>;
let stage: ReturnType<typeof createStage>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-e2e-'));
  mkdirSync(join(folder, 'logs'));
  webhook = await startWebhook();
  stage = createStage(folder);
});

afterEach(async () => {
  await stage.stop();
  webhook.close();
  // A browser that the bot used may still be writing its profile.
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

// A small Debian has no ps, a Mac no /proc.
const stateOf = (pid = 0) =>
  existsSync('/proc/self/stat')
    ? (/^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '')
    : execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).trim();

test('a bot that hangs is found at the deadline, told of, restarted and told of again, and the API is truthful throughout', async () => {
  const file = join(folder, 'logs/heartbeat_status.txt');
  stage.start(process.execPath, [shipped('api')], { PORT: '0', SENTINEL_MAX_AGE_MINUTES: '0.05' });
  const url = await until('the API listens', () =>
    stage.lines.map((line) => /listening on (\S+)/.exec(line)?.[1]).find((found) => found !== undefined),
  );
  const status = async () => (await (await fetch(`${url}/api/heartbeat/status`)).json()) as Status;
  const becomes = (health: string) =>
    until(`the API says ${health}`, async () => {
      const answer = await status();
      return answer.health === health ? answer : undefined;
    });

  expect(await status(), 'before there is a file').toMatchObject({
    health: 'unknown',
    session_active: false,
  });
  expect((await status()).status).toContain('❓');

  const python = stage.start('python3', [join(import.meta.dirname, 'fixtures/python-bot.py'), file]);
  expect(await becomes('healthy')).toMatchObject({
    status: '✅ Heartbeat active - Signal validation in progress',
    session_active: true,
  });

  // The old bot's own writer says no pid: its operator's command ends it before it starts the new one. It waits until
  // the outage has been looked at, which could be shorter than two looks otherwise.
  const seen = join(folder, 'seen');
  writeFileSync(
    join(folder, 'restart.sh'),
    [
      `until [ -e ${seen} ]; do sleep 0.1; done`,
      `kill -KILL ${python.pid}`,
      `exec ${process.execPath} ${shipped('bot')}\n`,
    ].join('\n'),
  );
  stage.start(
    process.execPath,
    [
      shipped('monitor'),
      '--max-age',
      '0.05',
      '--startup-grace',
      '0.5',
      '--restart',
      'exec sh ./restart.sh',
      '--supervise',
      '--restart-ends-bot',
    ],
    // By its file other monitors of this machine know it for another bot.
    { SLACK_WEBHOOK_URL: webhook.url, SENTINEL_BROKER: 'paper', HEARTBEAT_STATUS_FILE: file },
  );
  await until('the monitor watches', () => stage.lines.some((line) => line.includes('healthy')));
  // Hung between truncating and writing it would leave an empty file, which is another story: unknown, not stale.
  await until('it hangs behind a whole beat', async () => {
    python.kill('SIGSTOP');
    await until('it has stopped', () => stateOf(python.pid).startsWith('T'));
    const isWhole = readFileSync(file, 'utf8').endsWith('}');
    if (!isWhole) python.kill('SIGCONT');
    return isWhole;
  });

  expect((await becomes('stale')).status).toContain('✅');
  await until('the outage is posted', () => webhook.posts.some((post) => /stale/.test(post)));
  writeFileSync(seen, '');
  const healthy = await becomes('healthy');
  expect(healthy.instance).not.toBeNull();
  expect(pidIn(file)).not.toBe(python.pid);
  const recovered = await until('the recovery is posted', () =>
    webhook.posts.find((post) => /has recovered/.test(post)),
  );
  expect(recovered, 'it says how long the outage was').toMatch(/\d+ (?:second|minute)/);
  expect(
    webhook.posts.filter((post) => /is being restarted/.test(post)),
    'one restart',
  ).toHaveLength(1);
});
