import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { type App, bareEnv, shipped, shippedApps } from '@sentinel/tooling-shipped';
import { expect, onTestFinished, test } from 'vitest';
import { until } from './processes.ts';

const root = resolve(import.meta.dirname, '../../..');
const apps: readonly App[] = ['monitor', 'api', 'bot'];

const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-command-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const program = (file: string, ...lines: string[]) => {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(file, 0o755);
};

/** A clone with the command, and a machine whose first Node is too old for everything. */
const cloneOn = (...npx: string[]) => {
  const folder = newFolder();
  const clone = join(folder, 'clone');
  mkdirSync(clone);
  const usage = 'apps/sentinel/data/usage.txt';
  for (const file of ['sentinel', usage]) {
    mkdirSync(dirname(join(clone, file)), { recursive: true });
    copyFileSync(join(root, file), join(clone, file));
  }
  program(join(folder, 'bin/node'), 'echo too old', 'exit 99');
  program(join(folder, 'bin/npx'), ...npx);
  const env = { PATH: `${join(folder, 'bin')}:${bareEnv().PATH}` };
  const at = join(folder, 'elsewhere');
  mkdirSync(at);
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(join(clone, 'sentinel'), args, {
      cwd: at,
      env,
      encoding: 'utf8',
    });
    return { code: status, out: stdout, error: stderr };
  };
  return { clone, at, env, run };
};

const built = () => {
  const machine = cloneOn('echo nothing is to be installed >&2', 'exit 1');
  symlinkSync(join(root, 'node_modules'), join(machine.clone, 'node_modules'));
  rmSync(join(machine.clone, 'apps'), { recursive: true });
  symlinkSync(shippedApps(), join(machine.clone, 'apps'));
  return machine;
};

test('one command runs every program on the Node of the install, in the folder it is called from', async () => {
  const { clone, at, env, run } = built();
  expect(run('check')).toMatchObject({
    code: 3,
    out: expect.stringContaining('HEARTBEAT UNKNOWN'),
    error: '',
  });
  expect(run('status')).toMatchObject({ code: 3, out: expect.stringContaining('HEARTBEAT UNKNOWN') });
  for (const app of apps) {
    expect(run(app, '--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect(run(app, '--help')).toMatchObject({
      code: 0,
      out: expect.stringMatching(new RegExp(`^Usage: sentinel-${app}`)),
    });
  }
  const { code, error } = run('frob');
  expect({ code, error }).toEqual({
    code: 64,
    error: "sentinel: unknown command 'frob'. See sentinel --help.\n",
  });
  expect(run()).toMatchObject({ code: 64, out: '' });
  expect(run('--help')).toMatchObject({ code: 0, error: '' });
  expect(existsSync(join(clone, 'logs'))).toBe(false);

  // The program is what gets the signal: no shell is left in between.
  const monitor = spawn(join(clone, 'sentinel'), ['monitor', '--no-notify'], { cwd: at, env });
  const ended = new Promise((done) => monitor.once('exit', done));
  let said = '';
  for (const stream of [monitor.stdout, monitor.stderr])
    stream.on('data', (text) => {
      said += text;
    });
  await until('the monitor watches', () => said.includes('Watching'));
  monitor.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test('what is not installed is installed, what is not built is built, and nothing of it is mixed with the output', () => {
  const { clone, run } = cloneOn(
    'echo "$*" >>asked',
    'if [ "$3" = exec ]; then',
    `  rm -r apps && mkdir apps && ln -s ${shippedApps()}/* apps/`,
    'else',
    `  mkdir -p node_modules/.bin && ln -s ${process.execPath} node_modules/.bin/node`,
    'fi',
    'echo npx talks',
  );
  const first = run('check', '--json');
  expect(first.code, first.error).toBe(3);
  expect(JSON.parse(first.out)).toMatchObject({ state: 'unknown' });
  expect(first.error).toMatch(/^sentinel: installing.*\nnpx talks\nsentinel: building.*\n$/);
  expect(run('check').error).toBe('');
  const asked = readFileSync(join(clone, 'asked'), 'utf8').trim().split('\n');
  expect(asked).toEqual(['-y pnpm@12 install', expect.stringMatching(/^-y pnpm@12 exec turbo run build /)]);
});

test.each(['frob', '--max-age', '\u001B[2J', 'up monitor', '.*', 'the'])(
  'a word that is no command is refused before anything is installed: %j',
  (word) => {
    const { code, out, error } = cloneOn('exit 99').run(word);
    expect({ code, out, error }).toEqual({
      code: 64,
      out: '',
      error: 'sentinel: unknown command. See ./sentinel --help.\n',
    });
  },
);

test('of two first commands at once one installs and builds, and the other one waits for it', async () => {
  const { clone, at, env } = cloneOn(
    'echo "$*" >>asked',
    'sleep 1',
    `if [ "$3" = exec ]; then rm -r apps && mkdir apps && ln -s ${shippedApps()}/* apps/`,
    `else mkdir -p node_modules/.bin && ln -s ${process.execPath} node_modules/.bin/node; fi`,
  );
  // What another one has left that was killed holds nobody up.
  mkdirSync(join(clone, '.cache'));
  symlinkSync('4194305', join(clone, '.cache/preparing'));
  const both = [1, 2].map(async () => {
    const child = spawn(join(clone, 'sentinel'), ['check'], {
      cwd: at,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let error = '';
    child.stderr.on('data', (text) => {
      error += text;
    });
    const code = await new Promise((done) => child.once('close', done));
    return { code, waited: error.includes('waiting for it') };
  });
  const ended = await Promise.all(both);
  expect(ended.map(({ code }) => code)).toEqual([3, 3]);
  expect(ended.filter(({ waited }) => waited)).toHaveLength(1);
  expect(readFileSync(join(clone, 'asked'), 'utf8').trim().split('\n')).toHaveLength(2);
  expect(readdirSync(join(clone, '.cache'))).not.toContain('preparing');
});

test('an install that fails, and a build that fails, are told', () => {
  expect(cloneOn('exit 1').run('check')).toMatchObject({
    code: 1,
    out: '',
    error: expect.stringContaining('the install failed'),
  });
  const { clone, run } = cloneOn('echo the reason', 'exit 1');
  program(join(clone, 'node_modules/.bin/node'), 'exit 98');
  expect(run('api')).toMatchObject({
    code: 1,
    out: '',
    error: expect.stringMatching(/the reason\nsentinel: the build failed/),
  });
});

// Says that it is old, and has no module that an old one does not have.
const posesAsOld = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '22.12.0' } });
  Object.defineProperty(process, 'version', { value: 'v22.12.0' });
  registerHooks({ resolve: (name, context, next) => {
    if (name === 'node:sqlite') throw new Error('ERR_UNKNOWN_BUILTIN_MODULE');
    return next(name, context);
  } });
`)}`;

/** A Node of this machine that is too old, where it has one. */
const oldNodes = () =>
  (bareEnv().PATH ?? '')
    .split(':')
    .flatMap((folder) =>
      existsSync(folder) && readdirSync(folder).includes('node') ? [`${folder}/node`] : [],
    )
    .filter((node) =>
      /^v(?:\d|1\d|20|21)\./.test(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout),
    );

test.each(apps)('%s: a Node that is too old gets one sentence, before anything is loaded', (app) => {
  const nodes = [[process.execPath, '--import', posesAsOld], ...oldNodes().map((node) => [node])];
  for (const [node = '', ...flags] of nodes) {
    const { status, stdout, stderr } = spawnSync(node, [...flags, shipped(app), '--help'], {
      env: bareEnv(),
      encoding: 'utf8',
    });
    expect({ status, stdout }, node).toEqual({ status: app === 'monitor' ? 3 : 1, stdout: '' });
    expect(stderr).toMatch(
      new RegExp(`^sentinel-${app}: needs Node 22\\.13 or later, and this is v\\d+\\.\\d+\\.\\d+\\. .*\\n$`),
    );
  }
});

test.each([
  ['api', '--frob'],
  ['api', 'frob'],
  ['monitor', '--frob'],
] as const)('%s %s: refused in one line, with exit code 64, and nothing is opened', (app, flag) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [shipped(app), flag], {
    cwd: newFolder(),
    env: bareEnv({ PORT: '0' }),
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
  expect(stderr).toMatch(/^.*unknown .*frob.*\n$/);
});
