import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from '../src/engine.ts';
import { importStandIns } from '../src/images.ts';
import { lackOf, runFolder } from '../src/needs.ts';
import { services } from '../src/service-names.ts';
import { sh, until } from '../src/sh.ts';
import { type Stack, stackOf } from '../src/stack.ts';
import { startWebhook, type Webhook } from '../src/webhook.ts';

const lack = lackOf('containers', 'compose');
const containers = services;
/** An address of the box that every container reaches through its gateway. */
const outside = '198.51.100.7';
/** As they stand in .env; the paper bot works as ever with a token that nobody asks for. */
const secrets = { SIGNAL_API_KEY: 'key-of-the-bot', SENTINEL_READ_TOKEN: '', OF_NOBODY: 'of-nobody' };

describe.skipIf(lack !== undefined)('the compose stack', () => {
  let engine: Engine;
  let stack: Stack;
  let webhook: Webhook;

  beforeAll(async () => {
    await sh(`ip addr add ${outside}/32 dev lo`);
    webhook = await startWebhook(outside);
    engine = await startEngine();
    await importStandIns(engine);
    stack = stackOf(engine, 'compose.yaml', { ...secrets, SLACK_WEBHOOK_URL: webhook.url });
  });
  afterAll(async () => {
    await engine?.stop();
    webhook?.stop();
  });

  test('builds its images', async () => {
    await stack.compose('build');
    const images = await engine.sh(`docker images --format '{{.Repository}}'`);
    for (const name of ['bot', 'monitor', 'api', 'proxy']) expect(images).toContain(`sentinel-${name}`);
  });

  test('comes up, and every health check turns green', async () => {
    await stack.compose('up -d --wait --wait-timeout 180');
    for (const name of containers) expect(await stack.health(name), name).toBe('healthy');
  });

  test('runs without root, on a read-only root, without capabilities', async () => {
    for (const name of containers.slice(0, 3)) {
      expect((await stack.exec(name, 'id -u')).output.trim(), name).toBe('1000');
      expect((await stack.exec(name, 'touch /app/x')).output, name).toContain('Read-only file system');
    }
    for (const name of containers) {
      const { output } = await stack.exec(name, 'grep -E "^(CapEff|NoNewPrivs):" /proc/1/status');
      expect(output.replaceAll('\t', ' ').trim().split('\n'), name).toEqual([
        'CapEff: 0000000000000000',
        'NoNewPrivs: 1',
      ]);
      expect(Number(await stack.inspect(name, '{{.HostConfig.Memory}}')), name).toBeGreaterThan(0);
      expect(await stack.inspect(name, '{{.HostConfig.RestartPolicy.Name}}'), name).toBe('unless-stopped');
      const guards = '{{.HostConfig.Init}} {{.HostConfig.ReadonlyRootfs}} {{.HostConfig.PidsLimit}}';
      expect(await stack.inspect(name, guards), name).toMatch(/^true true [1-9]/);
      const maxSize = await stack.inspect(name, '{{index .HostConfig.LogConfig.Config "max-size"}}');
      expect(maxSize, name).toBe('10m');
    }
  });

  test('what is a secret of the bot reaches neither monitor nor API, and what nobody names reaches none', async () => {
    const has = async (name: string, text: string) =>
      (await stack.exec(name, 'env')).output.split('\n').some((line) => line.includes(text));
    expect(await has('trading-sentinel', 'SIGNAL_API_KEY=key-of-the-bot')).toBe(true);
    for (const name of ['heartbeat-monitor', 'heartbeat-api']) {
      expect(await has(name, 'key-of-the-bot'), name).toBe(false);
      expect(await has(name, 'BULENOX'), name).toBe(false);
    }
    for (const name of containers) expect(await has(name, 'of-nobody'), name).toBe(false);
  });

  test('what the bot remembers is reached by no other container', async () => {
    expect((await stack.exec('trading-sentinel', 'stat -c "%a %u" data')).output.trim()).toBe('700 1000');
    expect((await stack.exec('trading-sentinel', 'ls data')).output).toContain('bot.db');
    for (const name of ['heartbeat-monitor', 'heartbeat-api']) {
      expect((await stack.exec(name, 'ls -A data logs')).output, name).not.toContain('bot.db');
      expect(await stack.inspect(name, '{{range .Mounts}}{{.Destination}} {{end}}'), name).not.toContain(
        '/app/data',
      );
    }
  });

  test('Prometheus reaches the API by its name, a page elsewhere under its own name does not', async () => {
    const ask = (host: string) =>
      `node -e 'require("http").get({ host: "heartbeat-api", port: 5000, path: "/metrics", headers: { host: "${host}" } }, (r) => console.log(r.statusCode))'`;
    expect((await stack.exec('heartbeat-monitor', ask('heartbeat-api:5000'))).output.trim()).toBe('200');
    expect((await stack.exec('heartbeat-monitor', ask('evil.example'))).output.trim()).toBe('421');
  });

  test('answers on the host with the status of the bot', async () => {
    const status = await stack.api('/api/heartbeat/status');
    expect(status).toMatchObject({ status: expect.any(String), session_active: expect.any(Boolean) });
    expect(status.status).not.toContain('❓');
  });

  test('the monitor restarts the bot with `docker restart trading-sentinel`', async () => {
    const before = await stack.startedAt('trading-sentinel');
    const { code, output } = await stack.exec('heartbeat-monitor', 'docker restart trading-sentinel');
    expect({ code, output: output.trim() }).toEqual({ code: 0, output: 'trading-sentinel' });
    expect(await stack.startedAt('trading-sentinel')).not.toBe(before);
    await stack.beating();
  });

  test('a bot that hangs is restarted by the monitor, and its owner is told', async () => {
    await stack.beating();
    webhook.forget();
    const [{ instance }, started] = [await stack.beat(), await stack.startedAt('trading-sentinel')];
    await stack.signalBot('STOP');
    await stack.silent();
    const took = await until(
      'a new start of the bot beats',
      async () => {
        const { code, output } = await stack.exec('trading-sentinel', `sed -n 3p logs/heartbeat_status.txt`);
        return code === 0 && !output.includes(instance);
      },
      { timeoutMs: 240_000 },
    );
    await stack.beating();
    expect(await stack.startedAt('trading-sentinel')).not.toBe(started);
    for (const what of [/is stale/, /has recovered/]) await webhook.posted(what);
    const test = await stack.exec('heartbeat-monitor', 'node monitor/dist/index.js test-alert');
    expect(test.output).toContain('slack: delivered in');
    await webhook.posted(/test alert/i);
    console.log(`hung bot: a new start beat ${took} ms after the old one counted as silent`);
  });

  test('a monitor that is killed comes back', async () => {
    const before = await stack.startedAt('heartbeat-monitor');
    await stack.exec('heartbeat-monitor', `sh -c 'kill -KILL -1'`);
    await until('it has started again', async () => (await stack.startedAt('heartbeat-monitor')) !== before);
    await stack.healthy('heartbeat-monitor');
  });

  test('all of it comes back after the engine was cut off and started again', async () => {
    const before = await stack.startedAt('trading-sentinel');
    await engine.reboot();
    await until('the bot was started', async () => (await stack.startedAt('trading-sentinel')) !== before);
    await stack.beating();
    for (const name of containers) await stack.healthy(name);
  });

  test('its data outlives down and up', async () => {
    await stack.exec('trading-sentinel', `sh -c "echo kept >logs/marker; echo kept >data/marker"`);
    await stack.compose('down');
    await stack.compose('up -d --wait --wait-timeout 180');
    expect((await stack.exec('trading-sentinel', 'cat logs/marker data/marker')).output.trim()).toBe(
      'kept\nkept',
    );
    await stack.compose('down -v');
  });

  test('a full disk is not called healthy, and passes when there is room again', async () => {
    const disk = join(runFolder, 'small-disk');
    await engine.sh(`mkdir '${disk}' && mount -t tmpfs -o size=64m,uid=1000,gid=1000 tmpfs '${disk}'`);
    stack = stackOf(engine, 'compose.yaml', { SENTINEL_LOGS: disk });
    await stack.compose('up -d --wait --wait-timeout 180');
    await stack.beating();
    // Only ever on the small disk, and never more than it can hold.
    await engine.sh(`test "$(stat -f -c %T '${disk}')" = tmpfs && ! head -c 80M /dev/zero >'${disk}/filler'`);
    await stack.silent();
    const { status, health } = await stack.api('/api/heartbeat/status');
    expect(health ?? status).not.toBe('healthy');
    await engine.sh(`rm '${disk}/filler'`);
    await stack.beating();
    await stack.healthy('heartbeat-api');
    await stack.compose('down -v');
  });
});
