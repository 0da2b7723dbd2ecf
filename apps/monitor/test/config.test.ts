import { execFileSync } from 'node:child_process';
import {
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { createHeartbeat, readHeartbeat } from '@sentinel/heartbeat-core';
import { afterEach, expect, test, vi } from 'vitest';
import { openStage } from './stage.ts';

const patience = { timeout: 120_000 };
let stage: ReturnType<typeof openStage>;
afterEach(() => stage.clear());

const botFile = (name: string) => {
  const file = join(stage.folder, `${name}.txt`);
  createHeartbeat({ file }).update('✅ On', true);
  return { name, file };
};
const write = (document: unknown) => writeFileSync(join(stage.folder, 'bots.json'), JSON.stringify(document));

test('SIGHUP reads the config again: bots come and go, one that stays is not restarted, a bad file is refused', async () => {
  stage = openStage();
  const [alpha, beta, gamma] = [botFile('alpha'), botFile('beta'), botFile('gamma')];
  write({ bots: [alpha, beta] });
  const { child, said, stop } = stage.monitor(['--config', 'bots.json', '--no-notify']);
  await vi.waitFor(() => {
    expect(said.out).toContain('alpha is healthy');
    expect(said.out).toContain('beta is healthy');
  }, patience);

  write({ bots: [alpha, { ...gamma, maxAge: '5' }] });
  child.kill('SIGHUP');
  await vi.waitFor(() => expect(said.out).toContain('bots[1].maxAge: expected minutes'), patience);
  expect(said.out).toContain('The new config is refused, the old config stays in use');

  write({ interval: 30, bots: [alpha, gamma] });
  child.kill('SIGHUP');
  await vi.waitFor(
    () =>
      expect(said.out).toContain(
        'interval, notify, pingUrl, publicUrl, allClear, selfTest, channels, peers and fleet hold',
      ),
    patience,
  );
  expect(said.out).toContain('gamma is healthy');
  expect(said.out).toContain('The config was read again: alpha, gamma');
  expect(said.out).toContain(
    'interval, notify, pingUrl, publicUrl, allClear, selfTest, channels, peers and fleet hold from the next start',
  );
  expect(said.out.match(/alpha is healthy/g), 'alpha was watched without a break').toHaveLength(1);
  expect((await stage.run('status', '--config', 'bots.json')).out).toMatch(/gamma: watched by a monitor/);
  expect(await stop()).toBe(0);
}, 300_000);

test('SIGHUP with a bot that another monitor watches is refused, and the monitor goes on with what it had', async () => {
  stage = openStage();
  const [alpha, beta, gamma] = [botFile('alpha'), botFile('beta'), botFile('gamma')];
  const other = stage.monitor(['--no-notify', '--file', beta.file], {
    SENTINEL_DB: join(stage.folder, 'other/sentinel.db'),
  });
  await vi.waitFor(() => expect(other.said.out).toContain('alpha is healthy'), patience);
  write({ bots: [alpha] });
  const { child, said, stop } = stage.monitor(['--config', 'bots.json', '--no-notify']);
  await vi.waitFor(() => expect(said.out).toContain('alpha is healthy'), patience);

  write({ bots: [alpha, gamma, beta] });
  child.kill('SIGHUP');
  const refused = `The new config is refused, the old config stays in use: process ${other.child.pid}`;
  await vi.waitFor(() => expect(said.out).toContain(refused), patience);
  expect(said.out).not.toContain('The config was read again');

  // Right after one that was refused, and twice: what that one had begun is in nobody's way.
  write({ bots: [alpha, gamma] });
  child.kill('SIGHUP');
  child.kill('SIGHUP');
  await vi.waitFor(() => expect(said.out).toContain('The config was read again: alpha, gamma'), patience);
  expect(said.out.match(/is refused/g)).toHaveLength(1);
  expect(said.error).toBe('');
  expect(await stop()).toBe(0);
  expect(await other.stop()).toBe(0);
}, 300_000);

test('an order without --bot reaches every bot of the config; a restart asks which', async () => {
  stage = openStage();
  const bots = [botFile('alpha'), botFile('beta')];
  write({ bots });
  const { said, stop } = stage.monitor(['--config', 'bots.json', '--no-notify']);
  await vi.waitFor(() => expect(said.out).toContain('beta is healthy'), patience);
  expect(await stage.run('--config', 'bots.json', 'pause', '1h')).toMatchObject({
    code: 0,
    out: 'alpha: pause: done\nbeta: pause: done\n',
  });
  expect(await stage.run('--config', 'bots.json', 'restart')).toMatchObject({
    code: 64,
    out: 'restart: say which bot, with --bot: alpha, beta\n',
  });
  expect(await stop()).toBe(0);
}, 300_000);

test('the monitor leaves a log of JSON lines and a beat of its own, and a second one is refused', async () => {
  stage = openStage();
  const { name, file } = botFile('alpha');
  write({ bots: [{ name, file }] });
  const { said, stop } = stage.monitor(['--config', 'bots.json', '--no-notify']);
  await vi.waitFor(() => expect(said.out).toContain('alpha is healthy'), patience);
  const own = join(stage.folder, 'logs/heartbeat_monitor_status.txt');
  await vi.waitFor(async () => {
    const reading = await readHeartbeat(own);
    expect(reading.kind === 'beat' && reading.record.status).toContain('alpha is healthy');
  }, patience);
  const second = await stage.run('--no-notify', '--file', join(stage.folder, 'other.txt'));
  expect(second.code).toBe(1);
  expect(second.error).toContain('works in');
  expect(second.error).toContain('SENTINEL_DB');
  expect(await stop()).toBe(0);
  const reading = await readHeartbeat(own);
  expect(reading).toMatchObject({ kind: 'beat', record: { stopped: true } });
  const lines = readFileSync(join(stage.folder, 'logs/heartbeat_monitor.log'), 'utf8').trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ level: 'info', bot: 'alpha', msg: 'alpha is healthy: beats on time' }),
  );
  expect(readdirSync(join(stage.folder, 'logs')).filter((each) => each.endsWith('.log'))).toHaveLength(1);
}, 300_000);

test("a dead-man's switch hears of start and end, and its address stands in no log", async () => {
  stage = openStage();
  const heard: string[] = [];
  const server = createServer((request, response) => {
    heard.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/s3cret-uuid`;
  const { file } = botFile('alpha');
  const { said, stop } = stage.monitor(['--no-notify', '--file', file], { SENTINEL_PING_URL: url });
  await vi.waitFor(() => expect(heard).toContain('/s3cret-uuid/start'), patience);
  await vi.waitFor(() => expect(said.out).toContain('alpha is healthy'), patience);
  expect(await stop()).toBe(0);
  server.close();
  expect(heard.at(-1)).toBe('/s3cret-uuid/0');
  expect(said.out + said.error).not.toContain('s3cret');
  expect(readFileSync(join(stage.folder, 'logs/heartbeat_monitor.log'), 'utf8')).not.toContain('s3cret');
}, 300_000);

test.skipIf(process.getuid?.() !== 0)(
  'root runs no command of a config that another user may write, and uses no .env of theirs',
  async () => {
    stage = openStage();
    const ran = join(stage.folder, 'ran');
    write({ bots: [{ ...botFile('alpha'), restart: `touch ${ran}` }] });
    chownSync(join(stage.folder, 'bots.json'), 1201, 1201);
    const said = 'bots.json: this program is root and user 1201 may write';
    for (const args of [[], ['--check'], ['restart', '--bot', 'alpha']])
      expect(await stage.run(...args, '--config', 'bots.json')).toMatchObject({
        code: 64,
        error: expect.stringContaining(said),
      });
    expect(readdirSync(stage.folder)).not.toContain('ran');
    // The same for hours alone.
    writeFileSync(join(stage.folder, 'hours.json'), '{"timeZone": "UTC"}');
    chownSync(join(stage.folder, 'hours.json'), 1201, 1201);
    expect((await stage.run('--check', '--market-hours', 'hours.json')).error).toContain(
      'user 1201 may write',
    );
    writeFileSync(join(stage.folder, '.env'), `SENTINEL_DB=${join(stage.folder, 'elsewhere/sentinel.db')}\n`);
    chownSync(join(stage.folder, '.env'), 1201, 1201);
    const { code, error } = await stage.run('--no-notify');
    expect([code, error]).toEqual([
      1,
      expect.stringMatching(/^[^\n]*user 1201 may write [^\n]*chown root:root[^\n]*\n$/),
    ]);
    expect(readdirSync(stage.folder)).not.toContain('elsewhere');
  },
  300_000,
);

test.skipIf(process.getuid?.() !== 0)(
  'a folder for locks that somebody else has made first keeps no monitor of root from watching',
  async () => {
    stage = openStage();
    const [logs, temporary] = [join(stage.folder, 'theirs'), join(stage.folder, 'tmp')];
    mkdirSync(logs);
    mkdirSync(join(temporary, 'sentinel-locks-0'), { recursive: true });
    for (const path of [logs, join(temporary, 'sentinel-locks-0')]) chownSync(path, 1201, 1201);
    const env = { SENTINEL_DB: join(logs, 'sentinel.db'), TMPDIR: temporary };
    const { said, stop } = stage.monitor(['--no-notify', '--file', botFile('alpha').file], env);
    await vi.waitFor(() => expect(said.out).toContain('alpha is healthy'), patience);
    expect(await stop()).toBe(0);
  },
  300_000,
);

test.skipIf(process.getuid?.() !== 0)(
  'as root no observer of a fleet writes into a folder of another user',
  async () => {
    stage = openStage();
    write({ fleet: { nats: { servers: ['nats://127.0.0.1:9'] } } });
    const logs = join(stage.folder, 'logs');
    mkdirSync(logs, { recursive: true });
    chownSync(logs, 1201, 1201);
    const { code, error } = await stage.run('fleet', '--config', 'bots.json');
    expect([code, error]).toEqual([1, expect.stringMatching(/user 1201 may write into [^\n]*: run it as/)]);
    expect(readdirSync(logs)).toEqual([]);
  },
);

test('an observer of a fleet replaces a link in the place of its heartbeat, and what it leads to stays', async () => {
  stage = openStage();
  write({ fleet: { nats: { servers: ['nats://127.0.0.1:9'] } } });
  const file = join(stage.folder, 'logs/fleet_heartbeat.txt');
  const target = join(stage.folder, 'target.txt');
  mkdirSync(dirname(file));
  writeFileSync(target, 'precious');
  symlinkSync(target, file);
  stage.monitor(['fleet', '--config', 'bots.json']);
  await vi.waitFor(async () => expect((await readHeartbeat(file)).kind).toBe('beat'), patience);
  expect(lstatSync(file).isSymbolicLink()).toBe(false);
  expect(readFileSync(target, 'utf8')).toBe('precious');
}, 300_000);

test.skipIf(process.platform === 'win32')(
  'a pipe in the place of the note of a lock is not waited for',
  async () => {
    stage = openStage();
    const { file } = botFile('alpha');
    execFileSync('mkfifo', [`${file}.monitor.lock.json`]);
    const { said, stop } = stage.monitor(['--no-notify', '--file', file]);
    await vi.waitFor(() => expect(said.out).toContain('alpha is healthy'), patience);
    const second = stage.monitor(['--no-notify', '--file', file], {
      SENTINEL_DB: join(stage.folder, 'b/sentinel.db'),
    });
    expect(await second.ended).toBe(1);
    expect(second.said.error).toContain('holds');
    expect((await stage.run('--check', '--file', file)).code).toBe(0);
    expect(await stop()).toBe(0);
  },
  300_000,
);
