import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openRecords } from '@sentinel/history';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { openStage } from './stage.ts';

const { folder, monitor, run, clear } = openStage();
const file = join(folder, 'beat.txt');
const secret = 'hunter22-of-the-broker';
const steers =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is what is tested
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B\u200C\u200E\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/u;
const forged = '2026-05-06T11:59:30.000Z all is well';
const evil = `x\u001b[2J\u009b31m\u202e\n${forged}\r\n${forged}\u2028${forged}`;

beforeAll(() => {
  const at = new Date(Date.now() - 600_000).toISOString();
  const details = { session_active: true, updated_at: at, pid: 1, host: evil, boot: evil, instance: evil };
  writeFileSync(
    file,
    `❌ On\u001b[2J\n${at}\n${JSON.stringify({ ...details, source: evil, progress: evil })}\n`,
  );
});
afterAll(clear);

const linesOf = (text: string) => text.split('\n').map((line) => line.trimEnd());

test.each([['--check'], ['--check', '--verbose'], ['--check', '--json'], ['status']])(
  'what stands in the status file neither steers the terminal nor forges a line: %s',
  async (...args) => {
    const { out, error } = await run(...args, '--file', file, '--restart', 'true');
    expect(error).toBe('');
    expect(out).not.toMatch(steers);
    expect(linesOf(out)).not.toContain(forged);
  },
);

test('what a restart command prints steers no terminal, shows no secret and forges no line of the log', async () => {
  const shell = `printf 'red \\033[31m %s \\302\\233 2J\\r\\n${forged}\\n' "$BULENOX_PASSWORD"; sleep 0.2; exit 1`;
  const grace = ['--max-age', '0.05', '--startup-grace', '0.05', '--backoff', '1', '--max-restarts', '1'];
  const args = ['--file', file, '--interval', '1', '--restart', shell, '--restart-ends-bot', ...grace];
  const { said, stop } = monitor(args, {
    BULENOX_PASSWORD: secret,
  });
  await vi.waitFor(() => expect(said.out).toContain('exit code 1'), { timeout: 20_000 });
  await vi.waitFor(() => expect(said.out).toContain('red '), { timeout: 20_000 });
  await stop();
  const log = readFileSync(join(folder, 'logs', 'heartbeat_monitor.log'), 'utf8');
  const { out: told } = await run('history');
  for (const text of [said.out, said.error, log, told]) {
    expect(text).not.toMatch(steers);
    expect(text).not.toContain(secret);
  }
  expect(said.out).toContain('[redacted]');
  expect(linesOf(said.out).filter((line) => line.endsWith(` | ${forged}`))).not.toEqual([]);
  expect(linesOf(said.out)).not.toContain(forged);
});

test.each([
  [`--timezone=${evil}`],
  [`--${evil}`],
  ['-m', evil],
  ['--check', '--bot', evil],
  ['--check', '--config', `${evil}.json`],
  [evil],
])('what was typed is said again in one line that steers nothing: %j', async (...args) => {
  const { out, error } = await run(...args);
  expect(out + error).not.toMatch(steers);
  expect(linesOf(out + error)).not.toContain(forged);
});

test('a key of a config that nobody knows forges no line', async () => {
  const config = join(folder, 'evil.json');
  writeFileSync(config, JSON.stringify({ bots: [{ name: 'bot', file, [evil]: 1 }], [evil]: 2 }));
  const { out, error } = await run('--check', '--config', config);
  expect(error).not.toMatch(steers);
  expect(linesOf(out + error)).not.toContain(forged);
});

test('a secret of the environment that the bot says is neither kept, nor sent, nor shown', async () => {
  const posted: string[] = [];
  const slack = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => posted.push(text));
    request.on('end', () => response.end('ok'));
  });
  await once(slack.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void slack.close());
  const { port } = slack.address() as AddressInfo;
  const beat = join(folder, 'tells.txt');
  const at = new Date().toISOString();
  const told = `❌ login with ${secret}`;
  writeFileSync(beat, `${told}\n${at}\n${JSON.stringify({ session_active: false, instance: secret })}\n`);
  const { said, stop } = monitor(['--file', beat, '--interval', '1', '--max-age', '0.05'], {
    BULENOX_PASSWORD: secret,
    SLACK_WEBHOOK_URL: `http://127.0.0.1:${port}/hook`,
    SENTINEL_DB: join(folder, 'kept', 'sentinel.db'),
  });
  await vi.waitFor(() => expect(posted.join()).toContain('[redacted]'), { timeout: 30_000 });
  const kept = () =>
    readdirSync(join(folder, 'kept')).map((name) => readFileSync(join(folder, 'kept', name), 'latin1'));
  await vi.waitFor(() => expect(kept().join()).toContain('login with [redacted]'), { timeout: 30_000 });
  await stop();
  for (const text of [...posted, ...kept(), said.out, said.error]) expect(text).not.toContain(secret);
});

test('what somebody wrote into the journal forges no line of the history', async () => {
  const database = join(folder, 'forged', 'sentinel.db');
  mkdirSync(join(folder, 'forged'));
  const records = openRecords(database);
  const id = records.openIncident({ bot: 'alpha', at: 1, state: evil, reason: evil });
  records.noteIncident(id, { at: 2, kind: evil, text: evil });
  records.close();
  const { said, ended } = monitor(['history'], { SENTINEL_DB: database });
  await ended;
  expect(said.out).not.toMatch(steers);
  expect(linesOf(said.out)).not.toContain(forged);
});
