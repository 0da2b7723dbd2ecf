import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bareEnv, tarball } from '@sentinel/tooling-shipped';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

const home = mkdtempSync(join(tmpdir(), 'sentinel-installed-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const env = (set: NodeJS.Dict<string> = {}) => {
  const bare = bareEnv({ HOME: home, ...set });
  return { ...bare, PATH: [dirname(process.execPath), bare.PATH].join(delimiter) };
};
const bin = (name: string) => join(home, 'node_modules/.bin', name);

// Nothing is fetched: the package has everything in it.
beforeAll(() => {
  const npm = ['install', '--offline', '--no-audit', '--no-fund', '--prefix', home, tarball('app-sentinel')];
  execFileSync('npm', npm, { cwd: home, env: bareEnv({ HOME: home }), encoding: 'utf8' });
});

/** The folder of a bot, and the command in it. */
const folderOfBot = () => {
  const folder = mkdtempSync(join(home, 'bot-'));
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(bin('sentinel'), args, {
      cwd: folder,
      env: env(),
      encoding: 'utf8',
    });
    return { code: status, out: stdout, error: stderr };
  };
  const beat = () => {
    mkdirSync(join(folder, 'logs'), { recursive: true });
    const now = new Date().toISOString().slice(0, 23);
    writeFileSync(
      join(folder, 'logs/heartbeat_status.txt'),
      `✅ Working\n${now}Z\n{"session_active": true}\n`,
    );
  };
  return { folder, run, beat };
};

const until = async <T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> => {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`Waited 60 s in vain: ${what}`);
    await sleep(50);
  }
};

/** `sentinel up` on a free port: its output, its page, and the pids of its programs. */
const startUp = (folder: string, ...args: string[]) => {
  const child: ChildProcess = spawn(bin('sentinel'), ['up', ...args], {
    cwd: folder,
    env: env({ PORT: '0' }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      said += String(chunk);
    });
  onTestFinished(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
  const urls = () => [...said.matchAll(/listening on (http:\S+)/g)].map(({ 1: url = '' }) => url);
  const pids = () =>
    readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ').map(Number);
  return { child, urls, pids, said: () => said };
};

test('the package has no sources, no tests and no name that only the repository knows', () => {
  const files = execFileSync('tar', ['-tzf', tarball('app-sentinel')], { encoding: 'utf8' })
    .trim()
    .split('\n');
  expect(files).toContain('package/LICENSE');
  expect(files).toContain('package/dist/programs/NOTICES.txt');
  expect(files.filter((file) => /\.test\.|\.map$|\.ts$|\/src\/|\/test\//.test(file))).toEqual([]);
  const installed = join(home, 'node_modules/@sentinel/sentinel');
  const manifest = readFileSync(join(installed, 'package.json'), 'utf8');
  expect(manifest).not.toMatch(/@sentinel\/app-/);
  expect(JSON.parse(manifest)).not.toHaveProperty('dependencies');
});

test('every word works where only the package is installed', () => {
  const { run } = folderOfBot();
  const version = run('--version');
  expect(version).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  for (const program of ['monitor', 'api']) {
    expect(run(program, '--version')).toEqual(version);
    expect(run('help', program)).toMatchObject({
      code: 0,
      out: expect.stringMatching(new RegExp(`^Usage: sentinel-${program}`)),
    });
    const own = spawnSync(bin(`sentinel-${program}`), ['--version'], { env: env(), encoding: 'utf8' });
    expect(own.stdout).toBe(version.out);
  }
  expect(run('--help')).toMatchObject({
    code: 0,
    error: '',
    out: expect.stringMatching(/^Usage: sentinel COMMAND/),
  });
  expect(run()).toMatchObject({ code: 64, out: '', error: run('--help').out });
  expect(run('frob')).toEqual({
    code: 64,
    out: '',
    error: "sentinel: unknown command 'frob'. See sentinel --help.\n",
  });
});

test('a bot that writes the file is seen by check and on the page, and one signal ends all', async () => {
  const { folder, run, beat } = folderOfBot();
  expect(run('check')).toMatchObject({ code: 3, out: expect.stringContaining('HEARTBEAT UNKNOWN') });
  beat();
  expect(run('check')).toMatchObject({ code: 0, out: expect.stringContaining('HEARTBEAT OK') });

  const { child, urls, pids, said } = startUp(folder, '--no-notify');
  await until('both run', () => urls().length > 0 && /Watching/.test(said()));
  const [url = ''] = urls();
  expect(await (await fetch(url)).text()).toMatch(/<script type="module"[^>]* src="\.?\/assets\//);
  beat();
  const status = await (await fetch(new URL('/api/heartbeat/status', url))).json();
  expect(status).toMatchObject({ status: '✅ Working', health: 'healthy' });

  const programs = pids();
  expect(programs).toHaveLength(2);
  child.kill('SIGTERM');
  await once(child, 'exit');
  expect(child.exitCode, said()).toBe(0);
  for (const pid of programs) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('the monitor goes on without the API, which comes back; the end of the monitor is the end of all', async () => {
  const { folder } = folderOfBot();
  const { child, urls, pids, said } = startUp(folder, '--no-notify');
  await until('both run', () => urls().length > 0 && /Watching/.test(said()));
  const [api = 0, monitor = 0] = pids();
  process.kill(api, 'SIGKILL');
  await until('the API is back', () => urls().length === 2);
  expect(said()).toContain('the API ended (exit code 1). It is started again in 5 s. The monitor goes on');
  expect(pids()).toContain(monitor);
  process.kill(monitor, 'SIGKILL');
  await once(child, 'exit');
  expect(child.exitCode).toBe(1);
});

test('the bots of a config file are all on the page', async () => {
  const { folder } = folderOfBot();
  const bots = ['alpha', 'beta'].map((name) => ({ name, file: `logs/${name}.txt` }));
  writeFileSync(join(folder, 'bots.json'), JSON.stringify({ bots }));
  const { urls, said } = startUp(folder, '--no-notify', '--config', 'bots.json');
  await until('both run', () => urls().length > 0 && /Watching/.test(said()));
  const [url = ''] = urls();
  for (const { name } of bots) {
    const answer = await fetch(new URL(`/api/heartbeat/status?bot=${name}`, url));
    expect(await answer.json()).toMatchObject({ bot: name });
  }
});

test('options that the monitor refuses end up, with its exit code', async () => {
  const { folder } = folderOfBot();
  for (const flags of [['--frob'], ['--max-age', 'abc'], ['--config', 'none.json']]) {
    const { child, said } = startUp(folder, ...flags);
    await once(child, 'exit');
    expect(child.exitCode, said()).toBe(64);
    // No port is taken for it.
    expect(said()).not.toContain('listening on');
  }
});

test('the file and the name of the command line are those of the page too', async () => {
  const { folder } = folderOfBot();
  writeFileSync(join(folder, 'own.txt'), `✅ Own\n${new Date().toISOString()}\n{"session_active": true}\n`);
  const { said, urls } = startUp(folder, '--file', 'own.txt', '--bot', 'own');
  await until('both run', () => urls().length > 0 && /Watching own/.test(said()));
  const [url = ''] = urls();
  const answer = await fetch(new URL('/api/heartbeat/status?bot=own', url));
  expect(await answer.json()).toMatchObject({ bot: 'own', status: '✅ Own' });
});
