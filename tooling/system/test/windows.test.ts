import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { repository } from '../src/cache.ts';
import { lackOf } from '../src/needs.ts';
import { attempt } from '../src/sh.ts';

const lack = lackOf('windows', 'windows');

const sum = 'ab12cd34ef56'.padEnd(64, '0');

describe.skipIf(lack !== undefined)('deploy_to_contabo.bat', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-windows-'));
  const calls = join(folder, 'calls.txt');
  const stub = (name: string, lines: string) =>
    writeFileSync(join(folder, 'stubs', `${name}.bat`), `@echo off\r\n${lines.replaceAll('\n', '\r\n')}\r\n`);
  const log = (name: string) => `echo ${name} %* >>Z:${calls.replaceAll('/', '\\')}`;

  beforeAll(async () => {
    mkdirSync(join(folder, 'stubs'));
    writeFileSync(join(folder, 'key'), 'key');
    writeFileSync(join(folder, 'env'), 'TZ=UTC');
    writeFileSync(join(folder, 'release.tar.gz'), 'release');
    chmodSync(folder, 0o755);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    writeFileSync(calls, '');
    for (const name of ['ssh', 'scp', 'tar']) stub(name, log(name));
    stub('certutil', `echo SHA256 hash of file:\necho ${sum}\necho CertUtil: done`);
  });

  const run = async (flags: string, env: Record<string, string> = {}, input = '') => {
    // One prefix of its own: nothing of the user's is touched.
    const { code, output } = await attempt(
      `wine cmd /c 'Z:${join(repository, 'scripts/deploy_to_contabo.bat').replaceAll('/', '\\')}' ${flags}`,
      {
        cwd: folder,
        input,
        env: {
          WINEPREFIX: join(folder, 'prefix'),
          WINEDEBUG: '-all',
          WINEDLLOVERRIDES: 'mscoree,mshtml=',
          WINEPATH: `Z:${join(folder, 'stubs').replaceAll('/', '\\')}`,
          ...env,
        },
      },
    );
    // A mistake in a batch file is printed, and ends with 0.
    expect(output).not.toMatch(/syntax error|not recognized|can't recognize/i);
    return { code, output, calls: readFileSync(calls, 'utf8') };
  };
  const host = '--host vps.example';
  const files = '--key key --env-file env --release release.tar.gz';

  test('deploys: checks, uploads, and starts the far side', async () => {
    const outcome = await run(`${host} --port 2222 --mode systemd ${files}`);
    expect(outcome.code, outcome.output).toBe(0);
    const [check, upload, env, deploy] = outcome.calls.trim().split(/\r?\n/);
    expect(check).toContain('check mode=systemd env=yes');
    expect(upload).toMatch(/^scp .*-P 2222 .*root@vps\.example:sentinel-ab12cd34ef56\.tar\.gz/);
    expect(env).toContain('cat >sentinel.env');
    expect(deploy).toContain(`deploy mode=systemd id=ab12cd34ef56 sha256=${sum}`);
    for (const call of [check, upload, env, deploy])
      expect(call).toMatch(/BatchMode=yes.*StrictHostKeyChecking=yes.*-i .*key/);
  });

  test('packs the sources without a release', async () => {
    const outcome = await run(host);
    expect(outcome.calls).toMatch(/tar .*--exclude=.\/.env/);
    expect(outcome.calls).toContain('mode=docker env=no');
  });

  test.each([
    ['--status', 'status'],
    ['--logs', 'logs'],
    ['--rollback', 'rollback'],
    ['--uninstall', 'uninstall data=keep'],
    ['--uninstall --delete-data', 'uninstall data=delete'],
  ])('%s', async (flag, words) => {
    const outcome = await run(`${host} --user ops ${flag}`);
    expect(outcome.code, outcome.output).toBe(0);
    expect(outcome.calls.trim().split('\n')).toHaveLength(1);
    expect(outcome.calls).toContain(`sudo -n sh -s -- ${words}`);
  });

  test('--dry-run uploads nothing', async () => {
    const outcome = await run(`${host} ${files} --dry-run`);
    expect(outcome.code, outcome.output).toBe(0);
    expect(outcome.calls).not.toMatch(/scp|deploy mode/);
  });

  test('takes everything from the environment', async () => {
    const outcome = await run('--release release.tar.gz', {
      SENTINEL_HOST: 'env.example',
      SENTINEL_SSH_PORT: '2022',
      SENTINEL_SSH_USER: 'ops',
      SENTINEL_SSH_KEY: 'key',
      SENTINEL_MODE: 'systemd',
      SENTINEL_ENV_FILE: 'env',
    });
    expect(outcome.code, outcome.output).toBe(0);
    expect(outcome.calls).toContain('-p 2022 -l ops env.example');
  });

  test('asks for the server that is not given', async () => {
    // One answer: of lines in a pipe wine's `set /p` takes all at once, where a console gives one.
    const others = { SENTINEL_SSH_PORT: '2022', SENTINEL_SSH_USER: 'ops', SENTINEL_SSH_KEY: 'key' };
    const rest = { SENTINEL_MODE: 'systemd', SENTINEL_ENV_FILE: 'env' };
    const outcome = await run('--release release.tar.gz', { ...others, ...rest }, 'asked.example\r\n');
    expect(outcome.code, outcome.output).toBe(0);
    expect(outcome.output).toContain('Server: ');
    expect(outcome.calls).toMatch(/-p 2022 -l ops asked\.example .*check mode=systemd env=yes/);
    expect((await run('')).output).toContain('no server');
  });

  test('--help', async () => {
    const outcome = await run('--help');
    expect(outcome).toMatchObject({ code: 0, calls: '', output: expect.stringContaining('--rollback') });
  });

  test.each([
    ['--what', 2, 'not understood'],
    ['--host', 2, 'needs a value'],
    [`${host} --port many`, 2, 'expected a number'],
    [`${host} --within soon`, 2, 'expected seconds'],
    [`${host} --mode other`, 2, 'expected docker or systemd'],
    ['--host -oProxyCommand', 2, 'expected a name'],
    [`${host} --key missing`, 3, 'cannot be read'],
    [`${host} --env-file missing`, 3, 'cannot be read'],
    [`${host} --release missing`, 3, 'cannot be read'],
  ])('%s ends with %i before anything is called', async (flags, expected, words) => {
    const outcome = await run(flags);
    expect(outcome).toMatchObject({ code: expected, calls: '', output: expect.stringContaining(words) });
  });

  test.each([
    ['the server is not fit', 'ssh', 'check', 4, ''],
    ['there is no connection', 'ssh', 'check', 255, 'compare the fingerprint'],
    ['the upload breaks off', 'scp', 'sentinel', 5, 'Run the command again'],
    ['the release is rolled back', 'ssh', 'deploy', 6, ''],
  ])('%s', async (_what, tool, word, expected, words) => {
    const ended = tool === 'scp' ? 1 : expected;
    // Without the .env: a stub in batch cannot take its `&&` apart.
    const lines = [
      'set ARGS=%*',
      'set ARGS=%ARGS:"=%',
      `if not "%ARGS:${word}=%"=="%ARGS%" exit /b ${ended}`,
    ];
    stub(tool, `${log(tool)}\n${lines.join('\n')}\nexit /b 0`);
    const outcome = await run(`${host} --key key --release release.tar.gz`);
    expect(outcome.code, outcome.output).toBe(expected);
    expect(outcome.output).toContain(words);
  });
});
