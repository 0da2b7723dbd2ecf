import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readHeartbeat } from '@sentinel/heartbeat-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Bot, startBot, until } from './support/bot.ts';
import { chromium, headlessChromium } from './support/browser.ts';
import { account, startTestSite, type TestSite, tempFolder } from './support/site.ts';
import { type SlackDouble, startSlack } from './support/slack.ts';

const guide = fileURLToPath(new URL('../../../docs/integration.md', import.meta.url));

/** The list between the two marks of the guide. */
const goldenList = () =>
  (/golden list[^`]*```text\n([\s\S]*?)```/.exec(readFileSync(guide, 'utf8'))?.[1] ?? '').trim().split('\n');

const everyText = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('browser-profile'))
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((file) => (statSync(file).size < 10e6 ? [file, readFileSync(file, 'latin1')] : [file]));

describe.runIf(chromium !== null)('the bot with a real browser', () => {
  let temp: ReturnType<typeof tempFolder>;
  let site: TestSite;
  let slack: SlackDouble;
  const statusFile = () => join(temp.folder, 'logs/heartbeat_status.txt');
  const signalKey = 'key-of-the-signal-service';
  /** A stop that waited for the next poll would take this long. */
  const pollingMs = 200_000;
  const settings = (more: Record<string, string> = {}) => ({
    BULENOX_LOGIN_URL: `${site.url}/login`,
    BULENOX_USERNAME: account.username,
    BULENOX_PASSWORD: account.password,
    SENTINEL_BROKER: 'web',
    CHROME_PATH: headlessChromium ?? '',
    SIGNAL_SOURCE: 'file',
    SIGNAL_API_KEY: signalKey,
    SLACK_WEBHOOK_URL: slack.url,
    POLLING_INTERVAL_SECONDS: String(pollingMs / 1000),
    LOGIN_RETRY_SECONDS: '0.5',
    // On a busy machine a browser takes its time: no signal is to grow old over it.
    SIGNAL_MAX_AGE_SECONDS: '3600',
    LOGIN_CHECK_SECONDS: '3600',
    LOGIN_STAGE_TIMEOUT_SECONDS: '60',
    ...more,
  });
  const signals = (entries: readonly object[]) =>
    writeFileSync(join(temp.folder, 'signals.json'), JSON.stringify(entries));
  const expectNoSecret = (bot: Bot) => {
    const secrets = [
      account.password,
      encodeURIComponent(account.password),
      account.username,
      encodeURIComponent(account.username),
      slack.secret,
      signalKey,
    ];
    for (const text of [...everyText(temp.folder), bot.output(), ...slack.bodies])
      for (const secret of secrets)
        expect(text.includes(secret), `a secret stands in: ${text.slice(0, 300)}`).toBe(false);
  };
  const buy = (id: string) => ({ id, symbol: 'MCL', direction: 'buy', quantity: 1, tp: 52, sl: 48 });

  beforeEach(async () => {
    temp = tempFolder();
    site = await startTestSite();
    slack = await startSlack();
  });
  afterEach(async () => {
    await slack.stop();
    await site.stop();
    temp.remove();
  });

  test('one full cycle beats what the guide lists, trades once and ends as planned', async () => {
    signals([buy('s-1')]);
    // The browser that people have, once.
    await using bot = startBot(temp.folder, settings({ CHROME_PATH: chromium ?? '' }));
    await bot.sees('Cycle complete');
    const during = await readHeartbeat(statusFile());
    expect(during).toMatchObject({ kind: 'beat', record: { sessionActive: true, progress: 1 } });

    const asked = performance.now();
    expect(await bot.stop()).toEqual({ code: 0, signal: null });
    expect(performance.now() - asked).toBeLessThan(pollingMs / 2);

    expect(bot.beats()).toEqual(goldenList());
    expect(await site.broker.openPositions()).toBe(1);
    expect(site.sessions.count()).toBe(0);
    const after = await readHeartbeat(statusFile());
    expect(after).toMatchObject({ kind: 'beat', record: { sessionActive: false, stopped: true } });
  });

  test('no secret is in a status, log, file name, database or message, whatever goes wrong', async () => {
    signals([buy('s-1'), { id: 's-2', symbol: 'NO', direction: 'buy', quantity: 1, tp: 2, sl: 1 }]);
    site.faults.rejectLogins = 1;
    slack.answers.push(500, 404);
    await using bot = startBot(temp.folder, settings({ POLLING_INTERVAL_SECONDS: '0.2' }));
    await bot.sees('Login failed');
    await bot.sees('Trade executed');
    await bot.sees('Cycle complete');
    await bot.stop();
    expectNoSecret(bot);
    expect(readdirSync(join(temp.folder, 'logs/screenshots'))).toHaveLength(1);
  });

  test('no secret of the login address is told when the broker is down', async () => {
    const [user, password] = [account.username, account.password].map(encodeURIComponent);
    const address = `http://${user}:${password}@127.0.0.1:9/login?user=${user}&k=${password}`;
    await using bot = startBot(temp.folder, settings({ BULENOX_LOGIN_URL: address }));
    await until('the alert', () => slack.bodies.some((body) => body.includes('ERR_UNSAFE_PORT')));
    await bot.stop();
    expectNoSecret(bot);
  });

  test('an order whose answer is lost is asked for, not sent again', async () => {
    signals([buy('s-1')]);
    // The browser by itself asks again when a connection breaks.
    site.faults.dropAnswers = 10;
    await using bot = startBot(
      temp.folder,
      settings({ ERROR_WAIT_SECONDS: '0.1', POLLING_INTERVAL_SECONDS: '0.5' }),
    );
    await bot.sees('Trade execution error');
    await bot.sees('in hand');
    await bot.sees('Trade executed');
    await bot.stop();
    expect(await site.broker.openPositions()).toBe(1);
  });

  test('a stop in the middle of an execution finishes the order, signs out and ends as planned', async () => {
    signals([buy('s-1'), buy('s-2')]);
    site.faults.answerDelayMs = 2000;
    await using bot = startBot(temp.folder, settings());
    await bot.sees('Trade execution - ');
    // On its way to the broker, the answer still out.
    await until('the order', async () => (await site.broker.openPositions()) === 1);
    const asked = performance.now();
    expect(await bot.stop()).toEqual({ code: 0, signal: null });
    expect(performance.now() - asked).toBeLessThan(pollingMs / 2);
    const beats = bot.beats().slice(bot.beats().findIndex((beat) => beat.startsWith('⏳ Stopping')));
    expect(beats).toEqual([
      '⏳ Stopping - finishing what is in hand',
      expect.stringMatching(/^✅ Trade executed - buy 1 MCL at /),
      '📢 Slack notification - trade',
      '✅ Slack notification queued - trade',
      '✅ Signed out',
      '✅ Stopped as planned',
    ]);
    // What was not begun when the stop came is left to the next start.
    expect(await site.broker.openPositions()).toBe(1);
    expect(site.sessions.count()).toBe(0);
  });

  test('an execution that takes longer than a stop may is known to the next start, and not sent again', async () => {
    signals([buy('s-1')]);
    site.faults.answerDelayMs = 120_000;
    await using bot = startBot(temp.folder, settings());
    await until('the order', async () => (await site.broker.openPositions()) === 1);
    expect(await bot.stop()).toEqual({ code: 0, signal: null });
    expect(bot.beats().slice(-2)).toEqual([
      '❌ Sign-out not confirmed - the session may still be open at the broker',
      '✅ Stopped as planned',
    ]);
    site.faults.answerDelayMs = 0;
    await using next = startBot(temp.folder, settings());
    await next.sees('in hand');
    await next.sees('Trade executed');
    await next.sees('Cycle complete');
    await next.stop();
    expect(await site.broker.openPositions()).toBe(1);
  });

  test('a session that the broker ends is signed in again before the next order', async () => {
    signals([]);
    await using bot = startBot(temp.folder, settings({ POLLING_INTERVAL_SECONDS: '0.1' }));
    await bot.sees('Cycle complete');
    site.sessions.dropAll();
    signals([buy('s-2')]);
    await bot.sees('Session lost');
    await bot.sees('Login successful', 1);
    await bot.sees('Trade executed');
    await bot.stop();
  });

  test('a captcha stops the attempts and asks a person, and unlock lets the bot try again', async () => {
    site.faults.captcha = true;
    await using bot = startBot(temp.folder, settings({ POLLING_INTERVAL_SECONDS: '0.1' }));
    await bot.sees('Login needs a person', 5);
    expect(bot.beats().filter((beat) => beat.includes('Login - Navigation'))).toHaveLength(1);
    expect(await readHeartbeat(statusFile())).toMatchObject({
      record: { indicator: '❌', sessionActive: false },
    });
    await until('the alert', () => slack.bodies.some((body) => body.includes('captcha')));

    site.faults.captcha = false;
    await using unlock = startBot(temp.folder, {}, ['unlock']);
    expect((await unlock.exited).code).toBe(0);
    await bot.sees('Login successful');
    await bot.stop();
  });
});
