import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readHeartbeat } from '@sentinel/heartbeat-core';
import { bareEnv, shipped } from '@sentinel/tooling-shipped';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from './support/bot.ts';
import { tempFolder } from './support/site.ts';
import { type SlackDouble, startSlack } from './support/slack.ts';

// The monitor as the operator runs it, over the demo without a browser. One after the other, as in a drill.
const temp = tempFolder();
const env = () =>
  bareEnv({
    // Other tests run the same program at the same time: by this a monitor knows that theirs is another bot.
    HEARTBEAT_STATUS_FILE: join(temp.folder, 'logs/heartbeat_status.txt'),
    HOME: temp.folder,
    TZ: 'UTC',
    CHROME_PATH: '/nowhere/chromium',
    SLACK_WEBHOOK_URL: slack.url,
    LOG_FORMAT: 'json',
  });
let slack: SlackDouble;
let monitor: ReturnType<typeof spawn>;
let ended: Promise<unknown>;

const record = async () => {
  const reading = await readHeartbeat(join(temp.folder, 'logs/heartbeat_status.txt'));
  return reading.kind === 'beat' ? reading.record : null;
};
const working = (what: string, notPid?: number) =>
  until(
    what,
    async () => {
      const beat = await record();
      return beat?.sessionActive && beat.progress !== undefined && beat.pid !== notPid ? beat : null;
    },
    200_000,
  );
/** Beside this process, which serves the alerts' far end. */
const run = (...args: string[]) =>
  new Promise<{ code: number; out: string }>((done) => {
    const child = execFile(process.execPath, args, { cwd: temp.folder, env: env() }, (_, out) =>
      done({ code: child.exitCode ?? -1, out }),
    );
  });
const drill = (...args: string[]) => run(shipped('bot'), 'drill', ...args);
/** Each look is a process: once a second is often enough. */
const check = async () => {
  await sleep(1000);
  return run(shipped('monitor'), '--check', '--max-age', '5');
};
const alert = (what: RegExp, from = 0) =>
  until(
    () => `an alert like ${what} after ${slack.bodies.slice(from).join('\n').slice(-1500)}`,
    () => slack.bodies.slice(from).find((body) => what.test(body)),
    200_000,
  );

const startMonitor = (more: readonly string[] = [], journal = 'logs/sentinel.db') => {
  const restart = [process.execPath, shipped('bot')].map((word) => `"${word}"`).join(' ');
  const flags = [
    '--max-age',
    '0.4',
    '--startup-grace',
    '3',
    '--backoff',
    '1',
    '--max-restarts',
    '20',
    '--interval',
    '1',
  ];
  monitor = spawn(
    process.execPath,
    [shipped('monitor'), ...flags, ...more, '--supervise', '--restart', `exec ${restart}`],
    {
      cwd: temp.folder,
      stdio: 'ignore',
      env: { ...env(), SENTINEL_DB: journal },
    },
  );
  ended = once(monitor, 'exit');
};

/**
 * With a journal of its own: a bot that has not been well for long enough since the drill before, or since a slow first
 * start, has one incident, of which nothing is told anew.
 */
const beginAnew = async (more: readonly string[], journal: string) => {
  monitor.kill('SIGTERM');
  await ended;
  const before = (await record())?.pid;
  startMonitor(more, journal);
  // What the bot before has left is no beat of this one: on a busy machine it was ended before its last words.
  return working('the bot works', before);
};

beforeAll(async () => {
  slack = await startSlack();
  startMonitor();
  await working('the demo trades');
}, 240_000);
afterAll(async () => {
  monitor.kill('SIGTERM');
  await ended;
  await slack.stop();
  temp.remove();
});

test.each([
  ['crash', /is down/],
  ['hang', /is stale/],
] as const)(
  'drill %s: the monitor finds it, tells, restarts, and the new bot is signed in and works',
  async (kind, told) => {
    const first = await beginAnew([], `logs/${kind}.db`);
    const from = slack.bodies.length;
    expect((await drill(kind)).code).toBe(0);
    await alert(told, from);
    const second = await working('a new bot that is signed in', first.pid);
    expect(second.instance).not.toBe(first.instance);
    await alert(/worked: the new process/, from);
  },
  300_000,
);

test.each([
  ['login-fails', ['--times', '3']],
  ['error-loop', ['--seconds', '20']],
] as const)(
  'drill %s: the monitor says degraded, and does not restart',
  async (kind, flags) => {
    const { pid } = await working('the bot works');
    expect((await drill(kind, ...flags)).code).toBe(0);
    await until('degraded', async () => /degraded/.test((await check()).out), 200_000);
    if (kind === 'login-fails') {
      await until('the bot asks for a person', async () =>
        (await record())?.status.includes('needs a person'),
      );
      expect((await run(shipped('bot'), 'unlock')).code).toBe(0);
    }
    await until('healthy again', async () => (await check()).code === 0, 200_000);
    expect((await record())?.pid).toBe(pid);
  },
  300_000,
);

test('drill duplicate: the second bot is turned away, and the monitor alarms at two writers', async () => {
  const from = slack.bodies.length;
  const shown = await drill('duplicate', '--seconds', '5');
  expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('exit code 3') });
  await alert(/runs more than once/, from);
}, 300_000);

// Last: from here on the monitor looks at progress, too.
test('drill slow: it beats on and gets nothing done, which a monitor that looks at progress calls stuck', async () => {
  await beginAnew(['--max-stall', '0.2'], 'logs/slow.db');
  const from = slack.bodies.length;
  expect((await drill('slow', '--seconds', '3000')).code).toBe(0);
  await alert(/stuck/, from);
}, 300_000);
