import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bareEnv, shipped, tarball } from '@sentinel/tooling-shipped';
import { expect, onTestFinished, test } from 'vitest';
import { createStage, until } from './processes.ts';
import { startProxy } from './proxy.ts';
import { selfSigned, startWebhook } from './webhook.ts';

// No unit test tells this story: in a bundle a library may have lost its names, and then no message ever leaves it.

/** The monitor as people get it, in a folder that is empty but for it. */
const forms = {
  'laid out': () => shipped('monitor'),
  'from its tarball': (folder: string) => {
    // Offline: the tarball is all there is to it.
    const args = ['install', '--offline', '--no-audit', '--no-fund', '--prefix', folder];
    const { status, stderr } = spawnSync('npm', [...args, tarball('app-monitor')], {
      cwd: folder,
      env: bareEnv({ HOME: folder }),
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
    const program = join(folder, 'node_modules/.bin/sentinel-monitor');
    expect(existsSync(program)).toBe(true);
    return program;
  },
};

const open = async (isTls: boolean, throughProxy: boolean) => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-delivered-'));
  mkdirSync(join(folder, 'logs'));
  const certificate = isTls ? selfSigned(folder) : undefined;
  const [webhook, pinged] = [await startWebhook(certificate), await startWebhook(certificate)];
  const proxy = await startProxy();
  const stage = createStage(folder);
  onTestFinished(async () => {
    await stage.stop();
    for (const server of [webhook, pinged, proxy]) server.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  const env = {
    SLACK_WEBHOOK_URL: webhook.url,
    SENTINEL_PING_URL: pinged.url,
    ...(throughProxy ? { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url } : {}),
    ...(certificate === undefined ? {} : { NODE_EXTRA_CA_CERTS: certificate.file }),
  };
  return { folder, webhook, pinged, proxy, stage, env };
};

/** A bot that can be silenced. */
const startBot = (file: string) => {
  let timer: NodeJS.Timeout | undefined;
  const beat = () => writeFileSync(file, `✅ Heartbeat active\n${new Date().toISOString()}\n`);
  const go = () => {
    beat();
    timer = setInterval(beat, 300);
  };
  const silence = () => clearInterval(timer);
  onTestFinished(silence);
  go();
  return { go, silence };
};

test.each([
  ['laid out', 'directly', false, false],
  ['laid out', 'through a proxy', false, true],
  ['laid out', 'with TLS through a proxy', true, true],
  ['from its tarball', 'directly', false, false],
  ['from its tarball', 'with TLS through a proxy', true, true],
] as const)(
  'the monitor %s delivers a ping, an alert, the recovery and a test alert %s',
  async (form, _, isTls, throughProxy) => {
    const { folder, webhook, pinged, proxy, stage, env } = await open(isTls, throughProxy);
    const program = forms[form](folder);
    const bot = startBot(join(folder, 'logs/heartbeat_status.txt'));
    stage.start(process.execPath, [program, '--max-age', '0.05', '--startup-grace', '0.5'], env);
    const posted = (what: RegExp) =>
      until(`${what} is posted`, () => webhook.posts.some((post) => what.test(post)));

    await until('the ping', () => pinged.posts.length > 0);
    bot.silence();
    await posted(/is stale/);
    bot.go();
    await posted(/has recovered/);
    const [code] = await once(stage.start(process.execPath, [program, 'test-alert'], env), 'exit');
    expect(code, stage.lines.join('\n')).toBe(0);
    await posted(/test alert/i);

    const towards = [webhook, pinged].map(({ port }) => `127.0.0.1:${port}`);
    expect(new Set(proxy.tunnels)).toEqual(new Set(throughProxy ? towards : []));
  },
);

test.each([
  ['hangs up', '(ECONNRESET, the other side hung up)'],
  ['never answers', '(UND_ERR_HEADERS_TIMEOUT, no answer in time)'],
] as const)('a proxy that %s costs a few requests, and keeps no monitor from ending', async (how, told) => {
  const { folder, stage, env, proxy } = await open(false, true);
  proxy.fail(how);
  const bot = startBot(join(folder, 'logs/heartbeat_status.txt'));
  const monitor = stage.start(process.execPath, [shipped('monitor'), '--max-age', '0.02'], env);
  await until('it watches', () => stage.lines.some((line) => line.includes('is healthy')));
  bot.silence();
  await until('it asks the proxy', () => proxy.tunnels.length >= 2);
  await until('the failure is told', () => stage.lines.some((line) => line.includes(`${proxy.url} ${told}`)));
  monitor.kill('SIGTERM');
  const [code, signal] = await once(monitor, 'exit');
  expect({ code, signal }).toEqual({ code: 0, signal: null });
  expect(proxy.tunnels.length).toBeLessThan(50);
});
