import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { repository } from '../src/cache.ts';
import { runFolder } from '../src/needs.ts';
import { attempt } from '../src/sh.ts';

const script = join(repository, 'scripts/deploy_to_contabo.sh');

// What it does on a server is tested on one (vps.test.ts); this is what happens before and without one.
describe('deploy_to_contabo.sh', () => {
  const folder = join(runFolder, 'unix');
  const calls = join(folder, 'calls.txt');
  const stub = (name: string, line = '') => {
    writeFileSync(join(folder, 'stubs', name), `#!/bin/sh\necho ${name} "$@" >>'${calls}'\n${line}\n`);
    chmodSync(join(folder, 'stubs', name), 0o755);
  };
  beforeAll(() => {
    mkdirSync(join(folder, 'stubs'), { recursive: true });
    for (const name of ['key', 'env', 'release.tar.gz']) writeFileSync(join(folder, name), name);
    execFileSync('mkfifo', [join(folder, 'pipe')]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    writeFileSync(calls, '');
    for (const name of ['ssh', 'scp']) stub(name);
  });

  const options = (env: Record<string, string>, input = '') => ({
    cwd: folder,
    input,
    env: { PATH: `${folder}/stubs:${process.env['PATH'] ?? ''}`, ...env },
  });
  const run = async (flags: string, env: Record<string, string> = {}) => {
    const outcome = await attempt(`'${script}' ${flags}`, options(env));
    return { ...outcome, calls: readFileSync(calls, 'utf8') };
  };
  const host = '--host vps.example';

  test.each([
    ['--what', 2, 'not understood'],
    ['--status', 2, 'no server'],
    ['--host', 2, 'needs a value'],
    [`${host} --port many`, 2, 'expected a number'],
    [`${host} --port 70000`, 2, 'expected a number from 1 to 65535'],
    [`${host} --within soon`, 2, 'expected seconds'],
    [`${host} --within 0`, 2, 'expected seconds, 1 to 86400'],
    ['--host vps.example:22', 2, 'a port is given by --port'],
    ['--host 2001:db8::zz', 2, 'expected a name or an address'],
    ["--host '[]'", 2, 'expected a name or an address'],
    ['--host :::', 2, 'expected a name or an address'],
    ['--host a:b:c', 2, 'expected a name or an address'],
    ['--host 1::2::3', 2, 'expected a name or an address'],
    ['--host 1:2:3:4:5:6:7:8:9', 2, 'expected a name or an address'],
    ['--host 1:2:', 2, 'expected a name or an address'],
    [`${host} --mode other`, 2, 'expected docker or systemd'],
    ['--host -oProxyCommand=x', 2, 'expected a name'],
    [`${host} --user -x`, 2, 'expected a login name'],
    [`${host} --key missing`, 3, 'cannot be read'],
    [`${host} --env-file missing`, 3, 'cannot be read'],
    [`${host} --release missing`, 3, 'cannot be read'],
    [`${host} --env-file .`, 3, 'is a folder'],
    [`${host} --env-file pipe`, 3, 'is a pipe, a socket or a device'],
    [`${host} --env-file /dev/null`, 3, 'is a pipe, a socket or a device'],
    [`${host} --dry-run --uninstall`, 2, '--dry-run and --uninstall are two things'],
    [`${host} --status --logs`, 2, '--status and --logs are two things'],
    [`${host} --delete-data`, 2, '--delete-data belongs to --uninstall'],
    [`${host} --delete-data --dry-run`, 2, '--delete-data belongs to --uninstall'],
    ['--help', 0, '--rollback'],
  ])('%s ends with %i before anything is called', async (flags, expected, words) => {
    const outcome = await run(flags);
    expect(outcome).toMatchObject({ code: expected, calls: '', output: expect.stringContaining(words) });
  });

  test.each([
    ['--status', 'status'],
    ['--logs', 'logs'],
    ['--rollback', 'rollback'],
    ['--uninstall', 'uninstall data=keep'],
    ['--uninstall --delete-data', 'uninstall data=delete'],
  ])('%s is one call', async (flag, words) => {
    const outcome = await run(`${host} --user ops ${flag}`);
    expect(outcome.code, outcome.output).toBe(0);
    expect(outcome.calls.trim().split('\n')).toHaveLength(1);
    expect(outcome.calls).toContain(`sudo -n sh -s -- ${words}`);
    expect(outcome.calls).toMatch(/BatchMode=yes.*StrictHostKeyChecking=yes/);
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
    expect(outcome.calls).toContain(
      '-i key -o IdentitiesOnly=yes -p 2022 -l ops env.example sh -s -- check mode=systemd env=yes',
    );
  });

  test('an IPv6 address, with or without brackets, is one to ssh and one to scp', async () => {
    for (const address of ['2001:db8::1', '[2001:db8::1]']) {
      const outcome = await run(`--host '${address}' --release release.tar.gz`);
      expect(outcome.code, outcome.output).toBe(0);
      expect(outcome.calls).toMatch(/^ssh .* -l root 2001:db8::1 sh /m);
      expect(outcome.calls).toMatch(/^scp .* root@\[2001:db8::1\]:sentinel-/m);
    }
  });

  test.each(['host:release.tar.gz', '-release.tar.gz', 'C:release.tar.gz'])(
    'a release that is called %s is a file of this machine, and has its checksum',
    async (name) => {
      const file = join(folder, name);
      writeFileSync(file, 'release');
      const outcome = await run(`${host} --release '${name}'`);
      rmSync(file);
      expect(outcome.code, outcome.output).toBe(0);
      expect(outcome.calls).toContain(` -- ./${name} root@`);
      expect(outcome.calls).toContain(createHash('sha256').update('release').digest('hex'));
    },
  );

  test('seconds and ports are decimal, whatever zeros they begin with', async () => {
    const outcome = await run(`${host} --port 022 --within 080 --release release.tar.gz`);
    expect(outcome.code, outcome.output).toBe(0);
    expect(outcome.calls).toMatch(/-p 22 .* within=80 /);
  });

  test('at a terminal it asks for what is not given', async () => {
    const answers = ['asked.example', '2022', 'ops', 'key', 'systemd', 'env']
      .map((line) => `${line}\n`)
      .join('');
    const { code, output } = await attempt(
      `script -qec "'${script}' --release release.tar.gz" /dev/null`,
      options({}, answers),
    );
    expect(code, output).toBe(0);
    expect(output).toContain('Mode, docker or systemd (docker): ');
    expect(readFileSync(calls, 'utf8')).toContain(
      '-p 2022 -l ops asked.example sh -s -- check mode=systemd env=yes',
    );
  });

  test.each([
    ['ssh', 'exit 255', 255, 'compare the fingerprint'],
    ['ssh', 'exit 4', 4, ''],
    ['scp', 'exit 1', 5, 'Run the command again'],
    ['ssh', 'case "$*" in *" deploy "*) exit 6 ;; esac', 6, ''],
    ['ssh', 'case "$*" in *" deploy "*) exit 255 ;; esac', 255, 'look with --status'],
  ])('when %s does `%s` it ends with %i', async (tool, line, expected, words) => {
    stub(tool, line);
    const outcome = await run(`${host} --release release.tar.gz`);
    expect(outcome.code, outcome.output).toBe(expected);
    expect(outcome.output).toContain(words);
  });
});
