import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createHeartbeat } from '@sentinel/heartbeat-core';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { openStage } from './stage.ts';

const { folder, run, monitor: start, clear } = openStage();
afterAll(clear);

const until = (look: () => void | Promise<void>) => vi.waitFor(look, { timeout: 60_000, interval: 50 });

/** Three channels of one server, and the kinds that each was sent. */
const openChannels = async () => {
  const got: Record<string, string[]> = { team: [], phone: [], partner: [] };
  const taken = new Set<string>();
  const server = createServer(async (request, response) => {
    const { notifications } = JSON.parse(await text(request));
    const { url: path, headers } = request;
    const key = `${path} ${headers['idempotency-key']}`;
    const isAgain = taken.has(key);
    taken.add(key);
    // A monitor that is killed before it has noted what was taken sends that again, under the same key.
    if (isAgain) return void response.end('ok');
    got[(request.url ?? '').slice(1)]?.push(...notifications.map(({ kind }: { kind: string }) => kind));
    response.end('ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const variables = Object.keys(got).map((name) => [`SENTINEL_${name.toUpperCase()}`, `${url}/${name}`]);
  const channels = Object.keys(got).map((name) => ({
    ...{ kind: 'webhook', name, urlEnv: `SENTINEL_${name.toUpperCase()}` },
    ...(name === 'team' ? {} : { min: 'escalated' }),
  }));
  return { got, channels, env: Object.fromEntries(variables) as Record<string, string> };
};

test('each rung is climbed once over the deaths of monitors, and nobody is called after somebody has it', async () => {
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const file = join(folder, 'logs/alpha.txt');
  const bot = createHeartbeat({ file });
  bot.update('✅ On', true);
  const { got, channels, env } = await openChannels();
  const config = join(folder, 'sentinel.json');
  const write = (escalation: readonly object[]) =>
    writeFileSync(
      config,
      JSON.stringify({
        ...{ channels, escalation },
        bots: [{ name: 'alpha', file, maxAge: '2s', startupGrace: '2s' }],
      }),
    );
  write([{ after: '1s', to: 'nobody' }]);
  expect(await run('--config', config)).toMatchObject({
    code: 64,
    error: expect.stringContaining('there is no channel nobody, known are team, phone, partner'),
  });
  write([
    { after: '2s', to: 'phone' },
    { after: '9s', to: 'partner' },
  ]);
  const args = ['--config', config];
  const first = start(args, env);
  await until(() => expect(got.phone).toEqual(['escalated']));
  expect(got.team).toContain('unhealthy');
  first.child.kill('SIGKILL');
  await first.ended;

  const second = start(args, env);
  await until(() => expect(got.partner).toEqual(['escalated']));
  expect(got.phone).toEqual(['escalated']);
  expect((await run('--config', config, 'ack', '--note', 'on it')).out).toContain('ack: done');
  await until(() => expect(got.phone).toEqual(['escalated', 'acknowledged']));
  second.child.kill('SIGKILL');
  await second.ended;

  const third = start(args, env);
  const beats = setInterval(() => bot.update('✅ On', true), 300);
  onTestFinished(() => clearInterval(beats));
  for (const name of ['phone', 'partner'])
    await until(() => expect(got[name]).toEqual(['escalated', 'acknowledged', 'recovered']));
  expect(got.team).not.toContain('escalated');
  expect((await run('--config', config, 'history')).out).toMatch(/nobody has acknowledged it/);
  expect(await third.stop()).toBe(0);
}, 120_000);
