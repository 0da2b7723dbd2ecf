import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHeartbeat, defaultHealthPolicy } from '@sentinel/heartbeat-core';
import { afterEach, expect, test, vi } from 'vitest';
import { createApi } from '../src/index.ts';
import { hasTool } from './tool.ts';

const rules = join(import.meta.dirname, '../../../docker/prometheus/rules/sentinel.rules.yml');
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
};

const startPrometheus = async (folder: string, target: string): Promise<string> => {
  copyFileSync(rules, join(folder, 'sentinel.rules.yml'));
  writeFileSync(
    join(folder, 'prometheus.yml'),
    `global: { scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 500ms }
rule_files: [sentinel.rules.yml]
scrape_configs: [{ job_name: sentinel, static_configs: [{ targets: ['${target}'] }] }]
`,
  );
  const address = `127.0.0.1:${await freePort()}`;
  const child: ChildProcess = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
    ],
    { stdio: 'ignore' },
  );
  const gone = once(child, 'exit');
  cleanups.push(() => {
    child.kill('SIGKILL');
    return gone;
  });
  return `http://${address}`;
};

type Alert = {
  readonly labels: { readonly alertname: string; readonly bot?: string };
  readonly state: string;
};

const firing = async (prometheus: string): Promise<string[]> => {
  const response = await fetch(`${prometheus}/api/v1/alerts`);
  const { data } = (await response.json()) as { data: { alerts: Alert[] } };
  return data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname);
};

test('a real Prometheus raises the alert as the bot dies, and takes it back as it returns', async (ctx) => {
  if (!hasTool('prometheus')) ctx.skip('prometheus is not installed (Debian: prometheus)');
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-prometheus-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  const file = join(folder, 'heartbeat_status.txt');
  const bot = createHeartbeat({ file });
  let alive = true;
  const beats = setInterval(() => alive && bot.update('✅ On', true), 200);
  cleanups.push(() => clearInterval(beats));
  const api = createApi({
    bots: [{ name: 'alpha', file, policy: { ...defaultHealthPolicy, maxAgeMs: 2000 } }],
  });
  cleanups.push(() => api.stop());
  const { host, port } = await api.start();
  const prometheus = await startPrometheus(folder, `${host}:${port}`);
  const until = { timeout: 25_000, interval: 100 };

  const up = async () => {
    const response = await fetch(`${prometheus}/api/v1/query?query=sentinel_up`);
    const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
    expect(data.result[0]?.value[1]).toBe('1');
  };
  await vi.waitFor(up, until);
  await vi.waitFor(async () => expect(await firing(prometheus)).toEqual(['Watchdog']), until);
  alive = false;
  await vi.waitFor(async () => expect(await firing(prometheus)).toContain('SentinelBotDown'), until);
  alive = true;
  await vi.waitFor(async () => expect(await firing(prometheus)).toEqual(['Watchdog']), until);
}, 90_000);
