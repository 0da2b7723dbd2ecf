import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { shipped } from '@sentinel/tooling-shipped';
import { expect, onTestFinished, test } from 'vitest';
import { createStage, until } from './processes.ts';

const token = '123456:ABCdefGhIJKlmNoPQRsTUVwxyZ';

/** What each service answers to a message that it takes, by the first part of the path. */
const answers: Readonly<Record<string, readonly [service: string, answer: object]>> = {
  api: ['discord', { id: '1' }],
  v2: ['pagerduty', { status: 'success', message: 'Event processed' }],
  hook: ['webhook', {}],
};
const telegram = ['telegram', { ok: true, result: { message_id: 1 } }] as const;
const ntfy = ['ntfy', { id: 'a', event: 'message' }] as const;

/** All services in one server, by path; each answers as it does. */
const startServices = async () => {
  const texts: Record<string, string[]> = {};
  const signatures: unknown[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const [, first = ''] = (request.url ?? '').split('/');
    const [service, answer] = first.startsWith('bot') ? telegram : (answers[first] ?? ntfy);
    texts[service] = [...(texts[service] ?? []), body];
    if (service === 'webhook') signatures.push(request.headers['webhook-signature']);
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, texts, signatures, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

/** A folder with a bot's status file, and services that its monitor may reach. */
const openScene = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-services-'));
  mkdirSync(join(folder, 'logs'));
  const { server, texts, signatures, url } = await startServices();
  const stage = createStage(folder);
  onTestFinished(async () => {
    await stage.stop();
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  const file = join(folder, 'logs/heartbeat_status.txt');
  const beat = () => writeFileSync(file, `✅ Heartbeat active\n${new Date().toISOString()}\n`);
  beat();
  const beatOn = () => {
    const timer = setInterval(beat, 300);
    onTestFinished(() => clearInterval(timer));
  };
  const logged = () => readFileSync(join(folder, 'logs/heartbeat_monitor.log'), 'utf8');
  return { folder, stage, texts, signatures, url, beatOn, logged };
};

test('an alert, the recovery and a test alert reach Telegram, ntfy and Discord, and no token a log', async () => {
  const { stage, texts, url, beatOn, logged } = await openScene();
  const env = {
    SENTINEL_TELEGRAM_TOKEN: token,
    SENTINEL_TELEGRAM_CHAT: '42',
    SENTINEL_TELEGRAM_SERVER: `${url}/`,
    SENTINEL_NTFY_URL: `${url}/secret-topic`,
    SENTINEL_DISCORD_WEBHOOK_URL: `${url}/api/webhooks/1/secret-hook`,
  };
  const args = [shipped('monitor'), '--max-age', '0.05', '--startup-grace', '0.5'];
  stage.start(process.execPath, args, env);
  const reached = (what: RegExp) =>
    until(`all three have ${what.source}`, () =>
      ['telegram', 'ntfy', 'discord'].every((name) => texts[name]?.some((one) => what.test(one))),
    );
  await reached(/is stale/);
  beatOn();
  await reached(/has recovered/);
  stage.start(process.execPath, [shipped('monitor'), 'test-alert'], env);
  await until('each says that it was delivered', () =>
    ['telegram', 'ntfy', 'discord'].every((name) => stage.lines.join('\n').includes(`${name}: delivered in`)),
  );
  await reached(/test alert/i);
  for (const secret of [token, 'secret-topic', 'secret-hook'])
    expect(logged() + stage.lines.join('\n')).not.toContain(secret);
});

test('channels of the config file get what is severe enough, by name, and their variables stay with the monitor', async () => {
  const { folder, stage, texts, signatures, url, beatOn, logged } = await openScene();
  const seen = join(folder, 'environment.txt');
  const config = {
    channels: [
      { kind: 'ntfy', name: 'phone', urlEnv: 'SENTINEL_PHONE_URL', min: 'critical' },
      { kind: 'discord', name: 'team', urlEnv: 'SENTINEL_TEAM_URL' },
      { kind: 'telegram', name: 'partner', tokenEnv: 'SENTINEL_PARTNER_TOKEN', chat: '42' },
      { kind: 'pagerduty', name: 'duty', keyEnv: 'SENTINEL_DUTY_KEY', server: url },
      {
        ...{ kind: 'webhook', name: 'ops', urlEnv: 'SENTINEL_OPS_URL', secretEnv: 'SENTINEL_OPS_SECRET' },
        form: 'cloudevents',
      },
    ],
    bots: [
      {
        ...{ name: 'bot', file: 'logs/heartbeat_status.txt', maxAge: 0.05, startupGrace: 0.5 },
        ...{ restart: `env > ${seen}`, restartEndsBot: true },
      },
    ],
  };
  writeFileSync(join(folder, 'sentinel.json'), JSON.stringify(config));
  const env = {
    SENTINEL_PHONE_URL: `${url}/secret-topic`,
    SENTINEL_TEAM_URL: `${url}/api/webhooks/1/secret-hook`,
    SENTINEL_DUTY_KEY: 'secret0123456789secret0123456789',
    SENTINEL_OPS_URL: `${url}/hook/secret-path`,
    SENTINEL_OPS_SECRET: `whsec_${'secret'.repeat(6)}`,
    EDITOR: 'one of the bot',
  };
  const args = [shipped('monitor'), '--config', 'sentinel.json'];
  const reached = (name: string, what: RegExp) =>
    until(`${name} has ${what.source}`, () => texts[name]?.some((one) => what.test(one)));
  stage.start(process.execPath, args, env);
  await reached('discord', /partner.*SENTINEL_PARTNER_TOKEN is not set/);
  for (const name of ['ntfy', 'discord']) await reached(name, /is stale/);
  await reached('discord', /[Rr]estart/);
  beatOn();
  for (const name of ['ntfy', 'discord']) await reached(name, /has recovered|beats again/);
  await reached('webhook', /sentinel\.recovered/);
  expect(signatures.every((signature) => /^v1,.{44}$/.test(String(signature)))).toBe(true);
  await reached('pagerduty', /"resolve"/);
  const events = (texts.pagerduty ?? []).map((one) => JSON.parse(one));
  const [end] = events.filter(({ event_action: action }) => action === 'resolve');
  const opened = events.filter(({ dedup_key: key }) => key === end.dedup_key);
  expect(opened.map(({ event_action: action }) => action)).toContain('trigger');
  expect(end.dedup_key).toMatch(/^bot@/);
  stage.start(process.execPath, [...args, 'test-alert', '--channel', 'phone'], env);
  await until('the phone says that it has it', () => stage.lines.join('\n').includes('phone: delivered in'));
  expect(texts.discord?.some((one) => /test alert/i.test(one))).toBe(false);
  const inherited = readFileSync(seen, 'utf8');
  expect(inherited).toContain('EDITOR=one of the bot');
  expect(inherited).not.toMatch(/secret/);
  expect(logged() + stage.lines.join('\n')).not.toMatch(/secret-|secret\d|secretsecret/);
});
