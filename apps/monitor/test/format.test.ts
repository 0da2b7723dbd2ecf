import { appendFileSync, existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { openStage } from './stage.ts';

const { folder, run, monitor, clear } = openStage();
afterAll(clear);
const soon = { timeout: 60_000, interval: 100 };
const seconds = (ago = 0) => String(Math.floor(Date.now() / 1000) - ago);
const place = (name: string, text: string) => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};
const check = (file: string, ...args: string[]) => run('--check', '--file', file, ...args);

test('a file of another format is unknown, the check names the format to set, and with it the bot is healthy', async () => {
  for (const [name, text] of [
    ['epoch', `${seconds()}\n`],
    ['iso', new Date().toISOString()],
    ['json', JSON.stringify({ timestamp: new Date().toISOString(), status: 'running' })],
    ['log', `${`${new Date().toISOString()} INFO tick\n`.repeat(3)}`],
  ] as const) {
    const file = place(name, text);
    const unread = await check(file);
    expect(unread).toMatchObject({ code: 3, out: expect.stringContaining(`set --format ${name}`) });
    expect((await check(file, '--format', name)).out).toMatch(
      /^HEARTBEAT OK - alpha healthy \d+s \(max 300s\)/,
    );
  }
});

test('the last change of a file that is only touched is its beat', async () => {
  const file = place('touched', '');
  expect((await check(file, '--format', 'touch')).code).toBe(0);
  const long = Date.now() / 1000 - 400;
  utimesSync(file, long, long);
  expect((await check(file, '--format', 'touch')).out).toMatch(/^HEARTBEAT CRITICAL - alpha stale 40\ds/);
});

test('a monitor that meets another format starts nothing and says what to set; with it the silent bot is restarted', {
  timeout: 180_000,
}, async () => {
  mkdirSync(join(folder, 'bot'));
  const file = place(
    'bot/alive.json',
    JSON.stringify({ bot: { loop: { at: Number(seconds()) } }, state: 'on' }),
  );
  const started = join(folder, 'started');
  // It beats once, as a bot does that hangs after its start.
  place(
    'bot.py',
    `import json, time
with open(${JSON.stringify(started)}, "a") as out: out.write("x")
with open(${JSON.stringify(file)}, "w") as out: json.dump({"bot": {"loop": {"at": time.time()}}, "state": "on"}, out)
time.sleep(600)
`,
  );
  const args = ['--file', file, '--no-notify', '--max-age', '0.05', '--restart', 'python3 bot.py'];
  const wrong = monitor(args);
  await vi.waitFor(() => expect(wrong.said.out).toContain('set --format json'), soon);
  const beat = setInterval(
    () => writeFileSync(file, JSON.stringify({ bot: { loop: { at: Date.now() / 1000 } }, state: 'on' })),
    500,
  );
  await new Promise((resolve) => setTimeout(resolve, 5000));
  clearInterval(beat);
  await wrong.stop();
  expect(existsSync(started), 'a file that changes is a sign of life').toBe(false);
  const right = monitor([...args, '--format', 'json:time=/bot/loop/at']);
  await vi.waitFor(() => expect(right.said.out).toContain('is healthy'), soon).catch(() => undefined);
  await vi.waitFor(() => expect(readFileSync(started, 'utf8').length).toBeGreaterThan(0), soon);
  await right.stop();
  const { out } = await run('status', '--file', file);
  expect(out, 'status reads the file as its monitor did').not.toContain('unknown');
});

test('a log is read from its end', async () => {
  const file = place('bot.log', '');
  appendFileSync(
    file,
    `${'2020-01-01T00:00:00Z INFO old\n'.repeat(5000)}${new Date().toISOString()} INFO new\n`,
  );
  expect((await check(file, '--format', 'log')).code).toBe(0);
  appendFileSync(file, `${new Date().toISOString()} ERROR order refused\n`);
  expect(await check(file, '--format', 'log')).toMatchObject({
    code: 1,
    out: expect.stringContaining('ERROR order refused'),
  });
});
