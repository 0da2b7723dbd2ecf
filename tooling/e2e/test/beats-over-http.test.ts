import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shipped } from '@sentinel/tooling-shipped';
import { expect, onTestFinished, test } from 'vitest';
import { createStage, until } from './processes.ts';
import { startWebhook } from './webhook.ts';

const token = 'token-of-those-who-beat';

const open = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-http-beats-'));
  const webhook = await startWebhook();
  const stage = createStage(folder);
  onTestFinished(async () => {
    await stage.stop();
    webhook.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  stage.start(process.execPath, [shipped('api')], { PORT: '0', SENTINEL_BEATS_TOKEN: token });
  const url = await until('the API listens', () =>
    stage.lines.map((line) => /listening on (http\S+)/.exec(line)?.[1]).find((found) => found !== undefined),
  );
  const health = async () =>
    ((await (await fetch(`${url}/api/heartbeat/status`)).json()) as { health: string }).health;
  return { folder, webhook, stage, url, health };
};

/** As curl of a shell sends it. */
const curl = (url: string, ...args: string[]): { readonly code: number; readonly text: string } => {
  const said = execFileSync('curl', ['-s', '-w', '\n%{http_code}', ...args, `${url}/api/beats/bot`], {
    encoding: 'utf8',
  });
  const [, text = '', code = ''] = /^([\s\S]*)\n(\d+)$/.exec(said) ?? [];
  return { code: Number(code), text };
};

test('curl beats for a bot: taken with the token alone, and what is refused says why', async () => {
  const { folder, url, health } = await open();
  const data = ['-H', 'content-type: application/json', '-d', '{"status":"✅ On","session_active":true}'];
  expect(curl(url, ...data).code).toBe(401);
  expect(existsSync(join(folder, 'logs'))).toBe(false);
  const given = ['-H', `authorization: Bearer ${token}`];
  expect(curl(url, ...given, ...data).code).toBe(200);
  await until('the status is that beat', async () => (await health()) === 'healthy');
  expect(readdirSync(join(folder, 'logs'))).toEqual(['heartbeat_status.txt']);
  const { code, text } = curl(url, ...given, ...data.slice(0, 2), '-d', '{"status":"✅ On"}');
  expect([code, JSON.parse(text)]).toEqual([
    400,
    expect.objectContaining({ status: 400, title: 'Bad request' }),
  ]);
});

test('a bot that beats over HTTP alone is watched as any other: it dies, and that is told, and it is restarted', async () => {
  const { webhook, stage, url, health } = await open();
  const command = `python3 ${join(import.meta.dirname, 'fixtures/http-bot.py')} ${url}/api/beats/bot`;
  const [program = '', ...args] = command.split(' ');
  const bot = stage.start(program, args, { BEATS: token });
  await until('it is healthy', async () => (await health()) === 'healthy');
  stage.start(
    process.execPath,
    [
      shipped('monitor'),
      '--max-age',
      '0.05',
      '--startup-grace',
      '0.2',
      '--supervise',
      '--restart',
      `exec ${command}`,
    ],
    { SLACK_WEBHOOK_URL: webhook.url, BEATS: token },
  );
  await until('the monitor watches', () => stage.lines.some((line) => line.includes('is healthy')));
  bot.kill('SIGKILL');
  await until('its death is told', () => webhook.posts.some((post) => /bot is (stale|down)/.test(post)));
  await until('it is well again', () => webhook.posts.some((post) => /has recovered/.test(post)));
  expect(await health()).toBe('healthy');
});
