import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { shipped } from '@sentinel/tooling-shipped';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { command, openStage } from './stage.ts';

const { folder, run, start, clear } = openStage();
const file = (name: string) => join(folder, name);

/** A beat of that many seconds ago. */
const beat = (name: string, status: string, secondsAgo: number, stopped = false) => {
  const at = new Date(Date.now() - secondsAgo * 1000);
  const updatedAt = at.toISOString();
  const details = { session_active: true, updated_at: updatedAt, ...(stopped ? { stopped } : {}) };
  writeFileSync(file(name), `${status}\n${updatedAt.slice(0, 23)}000\n${JSON.stringify(details)}\n`);
};

beforeAll(() => {
  beat('fresh', '✅ On', 0);
  beat('error', '❌ Broken | pipe', 0);
  beat('old', '✅ On', 312);
  beat('ended', '✅ Bye', 0, true);
  writeFileSync(file('empty'), '');
  const bots = ['fresh', 'old', 'error'].map((name) => ({ name, file: name }));
  writeFileSync(file('bots.json'), JSON.stringify({ bots }));
});
afterAll(clear);

test.each([
  ['fresh', 0, /^HEARTBEAT OK - alpha healthy \d+s \(max 300s\) \| age=\d+s;;300;0\n$/],
  [
    'error',
    1,
    /^HEARTBEAT WARNING - alpha degraded \d+s \(max 300s\): .*Broken \/ pipe \| age=\d+s;;300;0\n$/,
  ],
  ['ended', 1, /^HEARTBEAT WARNING - alpha stopped \d+s \(max 300s\): .* \| age=\d+s;;300;0\n$/],
  ['old', 2, /^HEARTBEAT CRITICAL - alpha stale 3\d\ds \(max 300s\) \| age=3\d\ds;;300;0\n$/],
  ['empty', 3, /^HEARTBEAT UNKNOWN - alpha unknown: [^|]*\n$/],
  ['missing', 3, /^HEARTBEAT UNKNOWN - alpha unknown: [^|]*\n$/],
])('--check of a file that is %s ends with %i, in the form of Nagios plug-ins', async (name, code, form) => {
  const found = await run('--check', '--file', file(name));
  expect(found).toMatchObject({ code, error: '' });
  expect(found.out).toMatch(form);
});

test('with several bots the worst decides, each has its line and its numbers', async () => {
  const { code, out } = await run('--check', '--config', 'bots.json');
  expect(code).toBe(2);
  const [first, ...lines] = out.trim().split('\n');
  expect(first).toMatch(
    /^HEARTBEAT CRITICAL - 2 of 3 bots not healthy, old stale \d+s \(max 300s\) \| fresh_age=\d+s;;300;0 old_age=\d+s;;300;0 error_age=\d+s;;300;0$/,
  );
  expect(lines.map((line) => line.split(' ').slice(0, 4).join(' '))).toEqual([
    'OK - fresh healthy',
    'CRITICAL - old stale',
    'WARNING - error degraded',
  ]);
});

test('--json has the same for programs: one object for one bot, a list for several', async () => {
  const one = await run('--check', '--json', '--config', 'bots.json', '--bot', 'old');
  expect(one.code).toBe(2);
  expect(JSON.parse(one.out)).toMatchObject({ bot: 'old', state: 'stale', max_age_seconds: 300 });
  const all = await run('--check', '--json', '--config', 'bots.json');
  expect(JSON.parse(all.out)).toHaveLength(3);
});

test('a bot that the config file does not have is an error that names those it has', async () => {
  expect(await run('--check', '--config', 'bots.json', '--bot', 'nobody')).toMatchObject({
    code: 64,
    error: 'error: --bot nobody: bots.json has no such bot, it has fresh, old, error\n',
  });
});

test('a look loads no part of Node that starts programs, asks the network or tunes the engine', async () => {
  const list = file('modules.mjs');
  writeFileSync(list, "process.on('exit', () => console.error(process.moduleLoadList.join()));");
  const [node = '', ...look] = command('--check', '--file', file('fresh'));
  const { said, ended } = start([node, '--import', list, ...look]);
  expect(await ended).toBe(0);
  const loaded = said.error.trim().split(',');
  expect(loaded).toContain('NativeModule sqlite');
  for (const name of ['child_process', 'fs/promises', 'http', 'timers/promises', 'v8', 'worker_threads'])
    expect(loaded).not.toContain(`NativeModule ${name}`);
});

test('a look reads the file that is built for it, and nothing else of the program', async () => {
  const program = join(folder, 'only-look');
  for (const part of ['index.js', 'look/index.js'])
    cpSync(join(dirname(shipped('monitor')), part), join(program, part));
  writeFileSync(join(program, 'package.json'), '{"type": "module"}');
  const { said, ended } = start([process.execPath, join(program, 'index.js'), '-c', '--file', file('fresh')]);
  expect([await ended, said.error]).toEqual([0, '']);
});

test.runIf(existsSync('/dev/full'))(
  'a healthy look that nobody can read is unknown, and says why',
  async () => {
    const look = 'exec "$0" "$@" >/dev/full';
    const { said, ended } = start(['sh', '-c', look, ...command('--check', '--file', file('fresh'))]);
    expect([await ended, said.error]).toEqual([
      3,
      'sentinel-monitor: the output cannot be written (ENOSPC)\n',
    ]);
  },
);

test.runIf(existsSync('/usr/bin/perl'))(
  'a look waits for a pipe that is full and does not block',
  async () => {
    const bots = Array.from({ length: 1000 }, (_, at) => ({ name: `bot-${at}`, file: `none/${at}` }));
    writeFileSync(file('many.json'), JSON.stringify({ bots }));
    const unblocked = 'use Fcntl; fcntl(STDOUT, F_SETFL, O_WRONLY | O_NONBLOCK); exec @ARGV';
    const script = 'perl -e "$0" -- "$@" | { sleep 1; cat; }';
    const look = command('--check', '--config', 'many.json');
    const { said, ended } = start(['sh', '-c', script, unblocked, ...look]);
    await ended;
    expect(said.error).toBe('');
    expect(said.out.length).toBeGreaterThan(70_000);
    expect(said.out.trim().split('\n')).toHaveLength(1001);
  },
);

test('a check that could not look at anything is unknown, in the form that is asked for, and calls no address', async () => {
  const env = join(folder, '.env');
  writeFileSync(env, 'SENTINEL_PING_URL=nonsense\n');
  expect(await run('--check', '--file', file('fresh'))).toMatchObject({ code: 0 });
  writeFileSync(env, Buffer.from('SENTINEL_BOT_NAME=a\n', 'utf16le'));
  for (const look of [['--check'], ['status']])
    expect(await run(...look)).toMatchObject({
      code: 3,
      out: expect.stringMatching(/^HEARTBEAT UNKNOWN - .*saved as UTF-16/),
    });
  const { code, out } = await run('--check', '--json');
  expect([code, JSON.parse(out)]).toEqual([3, { state: 'unknown', reason: expect.any(String) }]);
  rmSync(env);
});
