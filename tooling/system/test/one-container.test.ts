import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repository } from '../src/cache.ts';
import { type Engine, startEngine } from '../src/engine.ts';
import { importStandIns, standInImages } from '../src/images.ts';
import { lackOf } from '../src/needs.ts';
import { until } from '../src/sh.ts';
import { type Stack, stackOf } from '../src/stack.ts';

const lack = lackOf('containers', 'one container');

describe.skipIf(lack !== undefined)('one container, no socket', () => {
  let engine: Engine;
  let stack: Stack;
  beforeAll(async () => {
    engine = await startEngine();
    await importStandIns(engine);
    stack = stackOf(engine, 'compose.single.yaml');
  });
  afterAll(async () => {
    await engine?.stop();
  });

  test('the monitor starts the bot, and both are healthy', async () => {
    await stack.compose('up -d --build --wait --wait-timeout 180');
    await stack.beating();
    expect(await stack.inspect('trading-sentinel', '{{json .HostConfig.Binds}}')).not.toContain(
      'docker.sock',
    );
    // What only the bot has to reach is in the volume for that, and not in `logs`.
    expect(await stack.compose('exec -T trading-sentinel ls data')).toContain('bot.db');
  });

  test('a hung bot is replaced without a restart of the container', async () => {
    const [{ instance }, started] = [await stack.beat(), await stack.startedAt('trading-sentinel')];
    await stack.signalBot('STOP');
    await stack.silent();
    await until('another start of the bot beats', async () => (await stack.beat()).instance !== instance, {
      timeoutMs: 240_000,
    });
    await stack.beating();
    expect(await stack.startedAt('trading-sentinel')).toBe(started);
  });

  test('the image with the one command as its entry watches a folder of the machine, and shows the page', async () => {
    const logs = join(engine.folder, 'logs-of-my-bot');
    mkdirSync(logs);
    chownSync(logs, 1000, 1000);
    writeFileSync(
      join(logs, 'heartbeat_status.txt'),
      `✅ Working\n${new Date().toISOString()}\n{"session_active": true}\n`,
    );
    const { SENTINEL_NODE_IMAGE: node, SENTINEL_APPS: apps } = standInImages;
    await engine.sh(
      `cd '${repository}' && docker build -q -f docker/Dockerfile --target sentinel -t sentinel --build-arg NODE_IMAGE=${node} --build-arg APPS=${apps} .`,
      { timeoutMs: 300_000 },
    );
    await engine.sh(
      `docker run -d --init --name mine --read-only --tmpfs /tmp -v '${logs}':/app/logs -p 127.0.0.1:5001:5000 sentinel up`,
    );
    const page = () => engine.attempt('curl -fsS http://127.0.0.1:5001/');
    await until('the page is there', async () => (await page()).output.includes('<html'));
    const status = async () =>
      JSON.parse(await engine.sh('curl -fsS http://127.0.0.1:5001/api/heartbeat/status'));
    await until('the monitor watches', async () => (await status()).monitor.alive === true);
    expect((await status()).health).toBe('healthy');
    const version = await engine.attempt('docker run --rm sentinel --version');
    expect(version.output.trim()).toMatch(/^\d+\.\d+\.\d+$/);
    const words = await engine.attempt('docker exec mine node sentinel/dist/index.js status');
    expect(words.output).toContain('watched by a monitor');
    await engine.sh('docker rm -f mine');
  });
});
