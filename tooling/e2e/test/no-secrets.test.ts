import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shipped } from '@sentinel/tooling-shipped';
import { expect, onTestFinished, test } from 'vitest';
import { createStage, until } from './processes.ts';
import { startWebhook } from './webhook.ts';

const token = 'token-of-those-who-may-order';
const readToken = 'token-of-those-who-may-look';
const beatsToken = 'token-of-those-who-may-beat';

/** Everything below a folder, by its name: the browser's own profile is not Sentinel's to write. */
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('browser-profile'))
    .map(({ parentPath, name }) => join(parentPath, name));
const reports = (folder: string) => readdirSync(folder).filter((name) => name.startsWith('report.'));

test('no webhook and no token stands in a log, a file, an answer, a metric, a message or a crash report', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-secrets-'));
  mkdirSync(join(folder, 'logs'));
  const webhook = await startWebhook();
  const stage = createStage(folder);
  onTestFinished(async () => {
    await stage.stop();
    webhook.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  const secrets = {
    SLACK_WEBHOOK_URL: webhook.url,
    SLACK_WEBHOOK_URL_CRITICAL: `${webhook.url}?critical`,
    FALLBACK_WEBHOOK_URL: `${webhook.url}?fallback`,
    SENTINEL_PING_URL: `${webhook.url}?ping`,
    SENTINEL_API_TOKEN: token,
    SENTINEL_READ_TOKEN: readToken,
    SENTINEL_BEATS_TOKEN: beatsToken,
  };
  const env = {
    ...secrets,
    PORT: '0',
    CHROME_PATH: '/nowhere',
    NODE_OPTIONS: '--report-on-signal --report-signal=SIGUSR2 --report-compact',
  };
  const programs = (['bot', 'monitor', 'api'] as const).map((app) =>
    stage.start(process.execPath, [shipped(app)], env),
  );
  const url = await until('the API listens', () =>
    stage.lines.map((line) => /listening on (http\S+)/.exec(line)?.[1]).find((found) => found !== undefined),
  );
  await until('the bot reports', () => webhook.posts.some((post) => / executed/.test(post)));
  await until('the monitor watches', () => stage.lines.some((line) => line.includes('is healthy')));

  // Errors quote what they failed at.
  const says = (log: string, text: string) => readFileSync(join(folder, 'logs', log), 'utf8').includes(text);
  const bothSay = (text: string) =>
    until(`bot and monitor log: ${text}`, () =>
      ['trading_sentinel.log', 'heartbeat_monitor.log'].every((log) => says(log, text)),
    );
  webhook.behave('hang up');
  // The bot trades, and tells of it; the monitor tells what a person orders, however busy this machine is.
  stage.start(process.execPath, [shipped('monitor'), 'test-alert'], env);
  await bothSay('did not accept the message');
  webhook.behave('server error');
  await bothSay('did not accept the message (HTTP 500');
  webhook.behave('no service');
  await bothSay('is dead (HTTP 404');

  const headers = { authorization: `Bearer ${readToken}` };
  const answers: string[] = [];
  for (const path of [
    'heartbeat/status',
    'heartbeat/health',
    'heartbeat/incidents',
    'heartbeat/history',
    'bots',
  ])
    answers.push(await (await fetch(`${url}/api/${path}`, { headers })).text());
  for (const path of ['metrics', 'readyz', 'openapi.json'])
    answers.push(await (await fetch(`${url}/${path}`, { headers })).text());
  answers.push(
    await (await fetch(`${url}/api/heartbeat/status`, { headers: { authorization: token } })).text(),
  );
  expect(answers.join('\n'), 'they are answers').toContain('sentinel_up');

  for (const program of programs) program.kill('SIGUSR2');
  await until('three crash reports', () => reports(folder).length === programs.length);
  await stage.stop();

  const texts = new Map(filesIn(folder).map((file) => [file, readFileSync(file, 'latin1')]));
  expect(
    [...texts.keys()].filter((name) => /sentinel\.db|heartbeat_monitor\.log|report\./.test(name)).length,
  ).toBeGreaterThan(4);
  texts.set('what was printed', stage.lines.join('\n'));
  texts.set('what was answered', answers.join('\n'));
  texts.set('what was posted', webhook.posts.join('\n'));
  for (const [name, text] of texts)
    for (const secret of [webhook.secret, token, readToken, beatsToken])
      expect(text.includes(secret), `${secret} stands in ${name}`).toBe(false);
});
