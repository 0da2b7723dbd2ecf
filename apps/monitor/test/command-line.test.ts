import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHeartbeat } from '@sentinel/heartbeat-core';
import { openRecords } from '@sentinel/history';
import { bareEnv, shipped } from '@sentinel/tooling-shipped';
import { afterAll, expect, test, vi } from 'vitest';
import { commandTable } from '../src/flag-table.ts';
import { openStage } from './stage.ts';

const { folder, run, monitor: start, clear } = openStage();
afterAll(clear);

test.each([
  [['frob'], "unknown command 'frob', known are status, list, logs, history"],
  [['--confg', 'x'], 'Did you mean --config?'],
  [['--max-age', '0'], 'Expected minutes as a plain number, or with a unit: 90s, 5m, 2h, 1d; above 0'],
  [['--max-restarts', '1.5'], 'Expected a whole number'],
  [['--timezone', 'Mars'], 'Expected a time zone'],
  [['--ping-url', 'ftp://a'], 'Expected an address that begins with https:// or http://'],
  [['pause'], "missing required argument 'duration'. See sentinel-monitor --help."],
  [['status', 'extra'], "too many arguments for 'status'"],
  [['restart', 'frob', 'extra'], "too many arguments for 'restart'"],
  [['pause', '3 weeks'], 'with a unit: 90s, 5m, 2h, 1d'],
  [['--supervise'], '--supervise needs --restart'],
  [['--config', 'none.json'], 'none.json: there is no such file'],
  [['--config', 'none.json', '--max-age', '3'], 'with --config write it in none.json, as maxAge'],
])('bad usage %j is told in one line that says what to do, with exit code 64', async (args, words) => {
  const { code, out, error } = await run(...args);
  expect({ code, out }).toEqual({ code: 64, out: '' });
  expect(error.trim().split('\n')).toHaveLength(1);
  expect(error).toContain(words);
});

test('the word help is the help, of one command too', async () => {
  expect(await run('help')).toEqual(await run('--help'));
  expect((await run('help', 'stop')).out).toContain('Usage: sentinel-monitor stop');
});

test('the help shows every option under a heading, examples and exit codes, without colours in a pipe', async () => {
  const { code, out } = await run('--help');
  expect(code).toBe(0);
  for (const words of [
    'Restarts:',
    'Who is told:',
    '-i, --interval <seconds>',
    '--config',
    'Examples:',
    'Exit codes:',
  ])
    expect(out).toContain(words);
  expect(out).not.toContain('\u001b');
});

test.skipIf(process.platform === 'win32')('a reader that leaves early is no error', () => {
  const command = `"${process.execPath}" "${shipped('monitor')}" --help | head -c 1`;
  const { stdout, stderr } = spawnSync('sh', ['-c', command], { env: bareEnv({}), encoding: 'utf8' });
  expect({ stdout, stderr }).toEqual({ stdout: 'U', stderr: '' });
});

test('without a status file --check and status exit with 3, and history says that there is no journal', async () => {
  const nowhere = join(folder, 'nowhere', 'status.txt');
  expect(await run('--check', '--file', nowhere)).toMatchObject({
    code: 3,
    out: expect.stringContaining('HEARTBEAT UNKNOWN - alpha unknown'),
  });
  const { out } = await run('status', '--json', '--file', nowhere);
  expect(JSON.parse(out)).toMatchObject({ bot: 'alpha', state: 'unknown', monitor_alive: false });
  expect(await run('history')).toMatchObject({
    code: 1,
    out: expect.stringContaining('There is no journal'),
  });
});

test('an order where no monitor ever ran says so and makes no journal', async () => {
  const empty = openStage();
  try {
    expect(await empty.run('pause', '30m')).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^pause: no monitor has a journal at .*sentinel\.db: start one/),
    });
    expect(readdirSync(empty.folder)).toEqual([]);
  } finally {
    empty.clear();
  }
});

test('the help of each command has an example', async () => {
  for (const command of Object.keys(commandTable)) {
    const { out } = await run(command, '--help');
    expect(out, command).toMatch(new RegExp(`\nExamples:\n  sentinel-monitor .*\\b${command}\\b`));
  }
});

test('a time has a unit, or is a plain number as ever', async () => {
  const age = async (given: string) => (await run('--check', '--max-age', given)).out;
  createHeartbeat({ file: join(folder, 'logs/heartbeat_status.txt') }).update('✅ On', true);
  expect(await age('90s')).toContain('(max 90s)');
  expect(await age('1.5')).toContain('(max 90s)');
  expect(await age('1m30s')).toContain('(max 90s)');
});

test('the help of a command shows no default that is none', async () => {
  const { out } = await run('pause', '--help');
  expect(out).toContain('why, for those who read of it\n');
});

test('orders reach the monitor that runs, and status, history and JSON show what it did', async () => {
  createHeartbeat({ file: join(folder, 'logs/heartbeat_status.txt') }).update('✅ On', true);
  const monitor = start(['--no-notify', '--max-restarts', '3']);
  try {
    await vi.waitFor(() => expect(monitor.said.out).toContain('alpha is healthy'), { timeout: 20_000 });
    expect(await run('test-alert')).toMatchObject({
      code: 1,
      out: 'no channel is set up, or notifications are off (--no-notify): nobody would be told\n',
    });
    await vi.waitFor(() => expect(monitor.said.out).toContain('Test alert for alpha'), { timeout: 20_000 });
    expect(await run('list')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^BOT +STATE +LAST BEAT +RESTARTS LEFT\nalpha +healthy +\d+ s/),
    });
    expect(await run('logs', '--lines', '100')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Z {2}alpha is healthy/),
    });
    expect(await run('logs', '--bot', 'gamma')).toMatchObject({ out: 'The log says nothing of gamma\n' });
    expect(await run('pause', '0.5h', '--reason', 'new version', '--wait', '30s')).toMatchObject({ code: 0 });
    const paused = await run('status', '--json');
    expect(paused.code).toBe(0);
    expect(JSON.parse(paused.out)).toMatchObject({
      state: 'healthy',
      monitor_alive: true,
      paused_until: expect.stringMatching(/Z$/),
    });
    expect((await run('status')).out).toMatch(/paused for (29|30) minutes/);
    expect(await run('resume')).toMatchObject({ code: 0 });
    expect((await run('status')).out).not.toContain('paused');
    expect(await run('reset')).toMatchObject({ code: 0 });
    expect(await run('restart')).toMatchObject({
      code: 1,
      out: expect.stringContaining('no restart command'),
    });
    expect((await run('history')).out).toContain(
      'restart ordered by root: refused: no restart command is set',
    );
    expect((await run('history', '--json')).out).toBe('[]\n');
    const second = await run('--no-notify');
    expect(second).toMatchObject({ code: 1, error: expect.stringContaining(String(monitor.child.pid)) });
  } finally {
    monitor.child.kill('SIGTERM');
    await once(monitor.child, 'close');
  }
  const orphan = await run('resume');
  expect(orphan, 'an order that nobody takes is withdrawn').toMatchObject({
    code: 1,
    out: expect.stringContaining('withdrawn'),
  });
});

test('replay --max-stall finds what stood still in a journal and in JSON lines, for whatever length is asked', async () => {
  const at = (minute: number) => Date.UTC(2026, 2, 1, 10, minute);
  const database = join(folder, 'stalls', 'sentinel.db');
  const records = openRecords(database);
  const beat = { bot: 'alpha', state: 'healthy', status: '✅ On', instance: 'a', ageMs: 0 };
  records.addBeat({ ...beat, at: at(0), sessionActive: true });
  const standStill = (minute: number, mark: string, since: number | null) =>
    records.standStill({ bot: 'alpha', at: at(minute), mark, since: since === null ? null : at(since) });
  standStill(12, '1', 10);
  standStill(14, '1', 10);
  standStill(16, '2', null);
  records.close();
  const file = join(folder, 'stalls', 'recording.jsonl');
  const line = (minute: number, progress: number) =>
    JSON.stringify({ at: at(minute), status: '✅ On', session_active: true, instance: 'a', progress });
  writeFileSync(file, [line(0, 1), line(10, 2), line(16, 3)].join('\n'));
  const incidents = async (source: string, ...more: string[]) =>
    JSON.parse((await run('replay', source, '--json', ...more)).out).incidents;
  expect(await incidents(database)).toBe(0);
  expect(await incidents(database, '--max-stall', '7')).toBe(0);
  expect(await incidents(database, '--max-stall', '5')).toBe(1);
  expect(await incidents(file, '--max-stall', '11')).toBe(0);
  expect(await incidents(file, '--max-stall', '8')).toBe(1);
});

test('replay says what another policy would have done, with JSON lines and with the journal of a monitor', async () => {
  const file = join(folder, 'recording.jsonl');
  const beat = { status: '✅ On', session_active: true, instance: 'a' };
  const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 10, minute)).toISOString();
  const lines = [
    { ...beat, at: at(0) },
    { ...beat, at: at(20), silent: true },
    { ...beat, at: at(30), instance: 'b' },
  ];
  writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'));
  const strict = await run('replay', file);
  expect(strict).toMatchObject({
    code: 0,
    out: expect.stringContaining('2026-03-01T10:25:00.000Z ❌ alpha is stale'),
  });
  expect(JSON.parse((await run('replay', file, '--max-age', '15', '--json')).out)).toMatchObject({
    bot: 'alpha',
    incidents: 0,
    restarts: 0,
  });
  expect(await run('replay', 'logs/sentinel.db')).toMatchObject({
    code: 0,
    out: expect.stringContaining('0 incidents, 0 restarts'),
  });
  expect(JSON.parse((await run('replay', file, '--json')).out), 'its last line is played').toMatchObject({
    incidents: 1,
    recoveries: 1,
  });
  expect(await run('replay', 'nofile')).toMatchObject({
    code: 1,
    out: expect.stringMatching(/nofile: there is no such file\. Give a journal .*\n$/),
  });
  writeFileSync(file, '{"at": "noon"}');
  expect(await run('replay', file)).toMatchObject({
    code: 1,
    out: expect.stringContaining('line 1: expected `at`'),
  });
  expect(await run('replay', 'logs/sentinel.db', '--bot', 'nobody')).toMatchObject({
    code: 1,
    out: expect.stringContaining('contains no beat of nobody'),
  });
});
