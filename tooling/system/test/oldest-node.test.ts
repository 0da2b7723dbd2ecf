import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { oldestNode, repository } from '../src/cache.ts';
import { lackOf, runFolder } from '../src/needs.ts';
import { attempt, endProcess, until } from '../src/sh.ts';

const lack = lackOf('oldest node', 'the programs on the oldest Node that fits');

// All other tests run on the Node that the install brings. Who installs the programs alone runs them on their own.
describe.skipIf(lack !== undefined)('on the oldest Node that fits', () => {
  const folder = join(runFolder, 'oldest-node');
  const posts: string[] = [];
  const webhook = createServer(async (request, response) => {
    posts.push(await text(request));
    response.end('ok');
  });
  const pids: number[] = [];
  let printed = '';
  let node = '';
  let env: Record<string, string> = {};
  const file = (app: string) => join(repository, '.release/apps', app, 'dist/index.js');
  const start = (app: string, ...args: string[]) => {
    const { pid, stdout, stderr } = spawn(node, [file(app), ...args], { cwd: folder, env });
    pids.push(pid ?? 0);
    for (const stream of [stdout, stderr])
      stream.on('data', (chunk) => {
        printed += chunk;
      });
  };
  const run = (app: string, args = '') =>
    attempt(`env -i PATH="$PATH" '${node}' '${file(app)}' ${args}`, { cwd: folder });
  const beat = () =>
    writeFileSync(
      join(folder, 'logs/heartbeat_status.txt'),
      `✅ Heartbeat active\n${new Date().toISOString()}\n{"session_active": true}\n`,
    );

  beforeAll(async () => {
    node = await oldestNode();
    mkdirSync(join(folder, 'logs'), { recursive: true });
    beat();
    await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve));
    const { port } = webhook.address() as AddressInfo;
    env = {
      PATH: process.env['PATH'] ?? '',
      PORT: '5055',
      SLACK_WEBHOOK_URL: `http://127.0.0.1:${port}/services/T/B/x`,
    };
  });
  afterAll(async () => {
    await Promise.all(pids.map((pid) => endProcess(pid)));
    webhook.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('it is as old as package.json says', async () => {
    expect((await attempt(`'${node}' --version`)).output).toMatch(/^v22\.13\./);
  });

  test('a monitor with a journal delivers an alert, the recovery and a test alert', async () => {
    start('monitor', '--max-age', '0.05', '--startup-grace', '0.1');
    await until('the alert', async () => posts.some((post) => post.includes('is stale')));
    const beats = setInterval(beat, 300);
    try {
      await until('the recovery', async () => posts.some((post) => post.includes('has recovered')));
      expect(await run('monitor', 'test-alert')).toMatchObject({
        code: 0,
        output: expect.stringMatching(/^slack: delivered/),
      });
      expect(await run('monitor', '--check')).toEqual({
        code: 0,
        output: expect.stringMatching(/^HEARTBEAT OK .*\n$/),
      });
      expect((await run('monitor', 'history')).output).toMatch(/bot stale/);
    } finally {
      clearInterval(beats);
    }
  });

  test('the API serves the state and the history of the journal', async () => {
    start('api');
    await until('the API', async () => printed.includes('listening on'));
    const get = async (path: string) => (await fetch(`http://127.0.0.1:5055/api/heartbeat/${path}`)).json();
    expect(await get('status')).toMatchObject({ bot: 'bot', status: '✅ Heartbeat active' });
    expect(await get('incidents')).toMatchObject({ items: [{ bot: 'bot' }], warnings: [] });
  });

  test('the bot tells its version, and no program warns of an experiment', async () => {
    expect(await run('bot', '--version')).toEqual({
      code: 0,
      output: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    expect(printed).not.toMatch(/Warning/);
  });
});
