import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openStage } from './stage.ts';

const { folder, monitor, run, clear } = openStage();
const file = join(folder, 'beat.txt');
const secret = 'hunter22-of-the-broker';
const steers =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is what is tested
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200B\u200C\u200E\u200F\u2028-\u202E\u2066-\u2069]/;
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
  const grace = ['--startup-grace', '0.05', '--backoff', '1', '--max-restarts', '1'];
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
