import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { repository } from '../src/cache.ts';
import { lackOf } from '../src/needs.ts';
import { attempt, type Outcome } from '../src/sh.ts';
import { type Answer, converse } from '../src/terminal.ts';

const lack = lackOf('windows', 'windows');

const sum = 'ab12cd34ef56'.padEnd(64, '0');

describe.skipIf(lack !== undefined)('deploy_to_contabo.bat', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-windows-'));
  const calls = join(folder, 'calls.txt');
  const stub = (name: string, lines: string) =>
    writeFileSync(join(folder, 'stubs', `${name}.bat`), `@echo off\r\n${lines.replaceAll('\n', '\r\n')}\r\n`);
  const log = (name: string) => `echo ${name} %* >>Z:${calls.replaceAll('/', '\\')}`;

  /** What git says: of all files, of those that .gitignore names, of those that are not here, and of the kind of each. */
  const tracks = (all: string, ignored = '', missing = '', modes = '100644 ab12 0 README.md') => {
    const echo = (name: string) => (name === '' ? 'rem nothing' : `echo ${name}`);
    stub(
      'git',
      [
        'set ARGS=%*',
        'set ARGS=%ARGS:"=%',
        'if not "%ARGS:-ci=%"=="%ARGS%" goto ignored',
        'if not "%ARGS:diff-files=%"=="%ARGS%" goto missing',
        'if not "%ARGS: -s=%"=="%ARGS%" goto modes',
        `${echo(all)}\nexit /b 0\n:modes\n${echo(modes)}\nexit /b 0\n:ignored\n${echo(ignored)}\nexit /b 0\n:missing\n${echo(missing)}\nexit /b 0`,
      ].join('\n'),
    );
  };

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
    tracks('README.md');
    stub('certutil', `echo SHA256 hash of file:\necho ${sum}\necho CertUtil: done`);
  });

  const start = (flags: string) =>
    `wine cmd /c 'Z:${join(repository, 'scripts/deploy_to_contabo.bat').replaceAll('/', '\\')}' ${flags}`;
  // One prefix of its own: nothing of the user's is touched.
  const options = (env: Record<string, string> = {}) => ({
    cwd: folder,
    env: {
      WINEPREFIX: join(folder, 'prefix'),
      WINEDEBUG: '-all',
      WINEDLLOVERRIDES: 'mscoree,mshtml=',
      WINEPATH: `Z:${join(folder, 'stubs').replaceAll('/', '\\')}`,
      ...env,
    },
  });
  const told = ({ code, output }: Outcome) => {
    // A mistake in a batch file is printed, and ends with 0.
    expect(output).not.toMatch(/syntax error|not recognized|can't recognize/i);
    return { code, output, calls: readFileSync(calls, 'utf8') };
  };
  const run = async (flags: string, env: Record<string, string> = {}) =>
    told(await attempt(start(flags), options(env)));
  const interview = async (flags: string, answers: readonly Answer[]) =>
    told(await converse(start(flags), answers, options()));
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
    expect(outcome.code, outcome.output).toBe(0);
    expect(outcome.calls).toMatch(/tar .*-T .*list/);
    expect(outcome.calls).toContain('mode=docker env=no');
  });

  test.each([
    ['README.md', 'prod.env', '', 'prod.env'],
    ['README.md', '', 'gone.ts', 'gone.ts'],
    ['', '', '', 'git tracks nothing'],
  ])('packs only what git tracks: %j, ignored %j, missing %j', async (all, ignored, missing, words) => {
    tracks(all, ignored, missing);
    const outcome = await run(host);
    expect(outcome).toMatchObject({ code: 3, output: expect.stringContaining(words) });
    expect(outcome.calls).not.toMatch(/scp|tar/);
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

  describe('without --host it asks', () => {
    const server: Answer[] = [
      ['Server:', 'asked.example'],
      ['Port of its ssh (22):', '2022'],
      ['Log in as (root):', 'ops'],
      // As Windows writes a file that is dragged there.
      ["Private key (ssh's own choice):", '"key"'],
    ];

    test('for everything that a deployment needs', async () => {
      const outcome = await interview('--release release.tar.gz', [
        ...server,
        ['Mode, docker or systemd (docker):', 'systemd'],
        ['Settings for its first deployment (none):', 'env'],
      ]);
      expect(outcome.code, outcome.output).toBe(0);
      const [check, upload, env, deploy] = outcome.calls.trim().split(/\r?\n/);
      expect(check).toMatch(/-i .*key.* -p 2022 -l ops asked\.example .*check mode=systemd env=yes/);
      expect(upload).toMatch(/-P 2022 .*ops@asked\.example:/);
      expect(env).toContain('cat >sentinel.env');
      expect(deploy).toContain('sudo -n sh -s -- deploy mode=systemd');
    });

    test('and takes Enter for what it offers', async () => {
      const asked = [...server, ['Mode', ''] as const, ['Settings', ''] as const];
      const answers = asked.map(
        ([question], index) => [question, index === 0 ? 'asked.example' : ''] as const,
      );
      const outcome = await interview('--release release.tar.gz --dry-run', answers);
      expect(outcome.code, outcome.output).toBe(0);
      expect(outcome.calls).toMatch(/-p 22 -l root asked\.example .*check mode=docker env=no/);
      expect(outcome.calls).not.toContain(' -i ');
    });

    test.each(['status', 'logs', 'rollback', 'uninstall'])('not for settings with --%s', async (action) => {
      const outcome = await interview(`--${action}`, server);
      expect(outcome.code, outcome.output).toBe(0);
      expect(outcome.output).not.toContain('Mode');
      expect(outcome.calls).toMatch(new RegExp(`-p 2022 -l ops asked\\.example .*-- ${action}`));
    });

    test('not for what is given', async () => {
      const outcome = await interview('--port 2022 --user ops --key key --status', [
        ['Server:', 'asked.example'],
      ]);
      expect(outcome.code, outcome.output).toBe(0);
      expect(outcome.calls).toContain('-p 2022 -l ops asked.example');
    });

    test.each([
      [[['Server:', '']], 2, 'no server'],
      [
        [
          ['Server:', 'a'],
          ['Port', 'many'],
          ['Log', ''],
          ['Private', ''],
        ],
        2,
        'expected a number',
      ],
      [
        [
          ['Server:', 'a'],
          ['Port', ''],
          ['Log', ''],
          ['Private', 'missing'],
        ],
        3,
        'cannot be read',
      ],
    ] as const)('and checks what is answered: %j', async (answers, expected, words) => {
      const outcome = await interview('--status', answers);
      expect(outcome).toMatchObject({ code: expected, calls: '', output: expect.stringContaining(words) });
    });

    test('and where nobody can answer it says what is missing', async () => {
      expect((await run('')).output).toContain('no server');
    });
  });

  test('--help', async () => {
    const outcome = await run('--help');
    expect(outcome).toMatchObject({ code: 0, calls: '', output: expect.stringContaining('--rollback') });
  });

  test.each([
    ['--what', 2, 'not understood'],
    ['--host', 2, 'needs a value'],
    [`${host} --port many`, 2, 'expected a number'],
    [`${host} --port 70000`, 2, 'expected a number from 1 to 65535'],
    [`${host} --within soon`, 2, 'expected seconds'],
    [`${host} --within 0`, 2, 'expected seconds, 1 to 86400'],
    [`${host} --mode other`, 2, 'expected docker or systemd'],
    ['--host -oProxyCommand', 2, 'expected a name'],
    ['--host vps.example:22', 2, 'expected a name'],
    ['--host 2001:db8::zz', 2, 'expected a name'],
    ['--host "a b"', 2, 'expected a name'],
    [`--host 'a^&echo'`, 2, 'expected a name'],
    [`${host} --user -x`, 2, 'expected a login name'],
    [`${host} --user a@b`, 2, 'expected a login name'],
    [`${host} --user '";x"'`, 2, 'expected a login name'],
    [`${host} --key missing`, 3, 'cannot be read'],
    [`${host} --env-file missing`, 3, 'cannot be read'],
    [`${host} --release missing`, 3, 'cannot be read'],
    [`${host} --dry-run --uninstall`, 2, '--dry-run and --uninstall are two things'],
    [`${host} --status --logs`, 2, '--status and --logs are two things'],
    [`${host} --delete-data`, 2, '--delete-data belongs to --uninstall'],
    [`${host} --delete-data --dry-run`, 2, '--delete-data belongs to --uninstall'],
  ])('%s ends with %i before anything is called', async (flags, expected, words) => {
    const outcome = await run(flags);
    expect(outcome).toMatchObject({ code: expected, calls: '', output: expect.stringContaining(words) });
  });

  test.each([
    ['the server is not fit', 'ssh', 'check', 4, ''],
    ['there is no connection', 'ssh', 'check', 255, 'compare the fingerprint'],
    ['the upload breaks off', 'scp', 'sentinel', 5, 'Run the command again'],
    ['the release is rolled back', 'ssh', 'deploy', 6, ''],
    ['nothing could be rolled back', 'ssh', 'deploy', 7, ''],
    ['another deployment runs', 'ssh', 'deploy', 8, ''],
    ['the connection is cut', 'ssh', 'deploy', 255, 'look with --status'],
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

  test('the settings break off on their way', async () => {
    // The first call after the upload.
    stub('scp', `${log('scp')}\necho x >sent.txt`);
    stub('ssh', `${log('ssh')}\nif exist sent.txt exit /b 1\nexit /b 0`);
    const outcome = await run(`${host} ${files}`);
    expect(outcome).toMatchObject({ code: 5, output: expect.stringContaining('Run the command again') });
    expect(outcome.calls).not.toContain('deploy mode');
  });

  test.each([
    ['tar', 'exit /b 2', 'cannot be packed'],
    ['git', 'exit /b 128', 'no clone made by git'],
    ['certutil', 'exit /b 1', 'no checksum'],
  ])('%s does its work not', async (tool, lines, words) => {
    stub(tool, lines);
    const outcome = await run(host);
    expect(outcome).toMatchObject({ code: 3, output: expect.stringContaining(words) });
    expect(outcome.calls).not.toContain('scp');
  });

  test.each(['--status', '--uninstall'])('%s ends as the far side does', async (flag) => {
    stub('ssh', 'exit /b 3');
    expect((await run(`${host} ${flag}`)).code).toBe(3);
    stub('ssh', 'exit /b 255');
    expect(await run(`${host} ${flag}`)).toMatchObject({
      code: 255,
      output: expect.stringContaining('compare the fingerprint'),
    });
  });

  test.each([
    ['45', '45'],
    ['080', '80'],
  ])('--within %s reaches the far side', async (given, sent) => {
    expect((await run(`${host} ${files} --within ${given}`)).calls).toMatch(
      new RegExp(`deploy mode=.* within=${sent} `),
    );
  });

  test.each(['2001:db8::1', '[2001:db8::1]'])('%s is one to ssh and one to scp', async (address) => {
    const outcome = await run(`--host ${address} ${files}`);
    expect(outcome.code, outcome.output).toBe(0);
    expect(outcome.calls).toMatch(/^ssh .* -l root 2001:db8::1 /m);
    expect(outcome.calls).toMatch(/^scp .*root@\[2001:db8::1\]:sentinel-/m);
  });
});
