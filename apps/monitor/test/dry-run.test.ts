import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openRecords } from '@sentinel/history';
import { webhookSecret } from '@sentinel/tooling-vitest/webhook-secret';
import { afterEach, expect, test, vi } from 'vitest';
import { openStage } from './stage.ts';

const patience = { timeout: 120_000, interval: 50 };
let stage: ReturnType<typeof openStage>;
let closeServer = () => {};
afterEach(() => {
  closeServer();
  stage.clear();
});

/** A webhook and a dead-man's switch that keep what they are asked. */
const openServer = async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeServer = () => void server.close();
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

const settings = (dryRun: boolean) => ({
  bots: [
    {
      name: 'alpha',
      file: join(stage.folder, 'alpha.txt'),
      restart: 'echo x >>restarted',
      startupGrace: 0.01,
      dryRun,
    },
  ],
});
const write = (document: unknown) => writeFileSync(join(stage.folder, 'bots.json'), JSON.stringify(document));

test('dry run: a dead bot is not restarted and nobody is told, and the log says what would have been done', async () => {
  stage = openStage();
  const { asked, url } = await openServer();
  const env = { SLACK_WEBHOOK_URL: `${url}/services/${webhookSecret}`, SENTINEL_PING_URL: `${url}/ping` };
  const restarted = join(stage.folder, 'restarted');
  write(settings(true));
  const file = join(stage.folder, 'logs/sentinel.db');
  const records = openRecords(file);
  // A monitor that was here before, and what it could not send.
  records.setState('monitor-alive:alpha', Date.now() - 3_600_000);
  const body = JSON.stringify({ kind: 'test', bot: 'alpha', by: 'ann' });
  records.addAlert({ key: 'left', at: Date.now(), body }, ['slack']);
  records.close();

  const { child, said, stop } = stage.monitor(['--config', 'bots.json'], env);
  await vi.waitFor(() => {
    expect(said.out).toContain('Dry run: the restart command would have been run');
    expect(said.out).toMatch(/Dry run: would have sent: .*alpha is unknown/);
    expect(said.out).toMatch(/Dry run: would have sent: .*was not watched for 1 hour/);
  }, patience);
  expect(existsSync(restarted)).toBe(false);
  expect(asked).toEqual([]);

  // The same bot in earnest, without a new start of the monitor: what waited is sent too.
  write(settings(false));
  child.kill('SIGHUP');
  await vi.waitFor(() => {
    expect(existsSync(restarted)).toBe(true);
    expect(asked).toContain(`POST /services/${webhookSecret}`);
  }, patience);
  expect(await stop()).toBe(0);
}, 300_000);

test('dry run: one that ends has told nobody', async () => {
  stage = openStage();
  const { asked, url } = await openServer();
  const env = { SLACK_WEBHOOK_URL: `${url}/services/${webhookSecret}`, SENTINEL_PING_URL: `${url}/ping` };
  const args = ['--dry-run', '--restart', 'echo x >>restarted', '--startup-grace', '0.01'];
  const { said, stop } = stage.monitor([...args, '--on-exhausted', 'echo x >>restarted'], env);
  await vi.waitFor(() => expect(said.out).toContain('the restart command would have been run'), patience);
  expect(await stop()).toBe(0);
  expect(asked).toEqual([]);
  expect(existsSync(join(stage.folder, 'restarted'))).toBe(false);
}, 300_000);
