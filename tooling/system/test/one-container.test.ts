import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from '../src/engine.ts';
import { importStandIns } from '../src/images.ts';
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
});
