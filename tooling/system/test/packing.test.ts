import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { repository } from '../src/cache.ts';
import { runFolder } from '../src/needs.ts';
import { attempt, sh } from '../src/sh.ts';

/** What people have lying about, and what the docs ask them for. */
const secrets = [
  '.env',
  '.env.bak',
  '.env.production',
  'prod.env',
  'docker/.env',
  'signals.json',
  'docker/alertmanager/slack_webhook_url',
  'deploy.pem',
  'scripts/id_ed25519',
  'my.env.bak',
  'production.env.old',
  'signals.json.bak',
  'docker/alertmanager/slack_webhook_url.txt',
  '.npmrc',
  '.pgpass',
  'id_dsa',
  'PROD.ENV',
  'Deploy.PEM',
  'vps1.seed',
  'nats.creds',
];

describe('what deploy_to_contabo.sh packs', () => {
  const folder = join(runFolder, 'packing');
  const clone = join(folder, 'clone');
  const write = (name: string, text = name) => {
    mkdirSync(dirname(join(clone, name)), { recursive: true });
    writeFileSync(join(clone, name), text);
  };
  const git = (line: string) => sh(`git -C '${clone}' -c user.name=t -c user.email=t@example.org ${line}`);

  beforeEach(async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, 'stubs'), { recursive: true });
    for (const [name, line] of [
      ['ssh', 'cat >/dev/null'],
      // The archive is what stands before the server's name.
      ['scp', `while [ $# -gt 2 ]; do shift; done; cp "$1" '${folder}/release.tar.gz'`],
    ] as const) {
      writeFileSync(join(folder, 'stubs', name), `#!/bin/sh\n${line}\n`);
      chmodSync(join(folder, 'stubs', name), 0o755);
    }
    await sh(
      `mkdir '${clone}' && cd '${repository}' && cp -r --parents .gitignore .env.example scripts '${clone}'`,
    );
    write('docker/compose.yaml');
    await git('init -q');
    await git('add .');
    await git('commit -qm sources');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const deploy = () =>
    attempt(`'${clone}/scripts/deploy_to_contabo.sh' --host vps.example`, {
      env: { PATH: `${folder}/stubs:${process.env['PATH'] ?? ''}` },
    });
  const packed = () => sh(`tar -tvzf '${folder}/release.tar.gz'`);

  test('is what git tracks, changed or not, and nothing that lies about', async () => {
    for (const name of secrets) write(name);
    write('docker/compose.yaml', 'changed');
    chmodSync(join(clone, 'docker/compose.yaml'), 0o666);
    const { code, output } = await deploy();
    expect(code, output).toBe(0);
    const list = await packed();
    for (const name of secrets) expect(list, name).not.toMatch(new RegExp(`[ /]${name}$`, 'm'));
    expect(list).toContain(' ./.env.example');
    expect(list).toMatch(/^-rw-r--r-- root\/root .* \.\/docker\/compose\.yaml$/m);
    expect(await sh(`tar -xOzf '${folder}/release.tar.gz' ./docker/compose.yaml`)).toBe('changed');
  });

  test('is the same archive as long as the sources are the same', async () => {
    expect((await deploy()).output).toBe((await deploy()).output);
  });

  test.each(secrets)('is nothing at all while git tracks %s', async (name) => {
    write(name);
    await git(`add -f '${name}'`);
    const { code, output } = await deploy();
    expect(code).toBe(3);
    expect(output).toContain('never released');
    expect(output).toMatch(new RegExp(`^${name}$`, 'm'));
  });

  test('a release with the built apps holds nothing else either', async () => {
    await sh(
      `cd '${repository}' && cp --parents tooling/release.mjs tooling/deploy-apps.mjs .dockerignore '${clone}'`,
    );
    await git('add .');
    for (const name of [...secrets, '.release/apps/bot/.env.production', '.release/apps/bot/prod.env'])
      write(name);
    write('.release/apps/bot/dist/index.js');
    await sh(`cd '${clone}' && '${process.execPath}' tooling/release.mjs --keep-apps`);
    const list = await sh(`tar -tzf '${clone}/.release/sentinel.tar.gz'`);
    expect(list.split('\n').filter((name) => /env|signals|webhook|pem|id_/.test(name))).toEqual([
      './.env.example',
    ]);
    expect(list).toContain('./.release/apps/bot/dist/index.js');
    expect(list).toContain('./scripts/far-side.sh');
  });

  test('is nothing while git tracks a link or another repository in it', async () => {
    symlinkSync('/etc/passwd', join(clone, 'docker/hosts'));
    await git('add .');
    expect(await deploy()).toMatchObject({ code: 3, output: expect.stringContaining('docker/hosts') });
    await git('rm -q --cached docker/hosts');
    await sh(`git init -q '${clone}/inner'`);
    write('inner/secret.txt');
    await sh(`git -C '${clone}/inner' add . `);
    await sh(`git -C '${clone}/inner' -c user.name=t -c user.email=t@example.org commit -qm inner`);
    await git('add inner');
    expect(await deploy()).toMatchObject({ code: 3, output: expect.stringMatching(/submodules.*\ninner/) });
  });

  test.each([
    [
      'a file that is a folder now',
      'rm docker/compose.yaml && mkdir docker/compose.yaml && echo x >docker/compose.yaml/key',
    ],
    ['a file that is a link now', 'ln -sf /etc/passwd docker/compose.yaml'],
    ['a folder that is a link now', 'mv docker ../docker && ln -s ../docker docker'],
  ])('is nothing of %s', async (_, change) => {
    await sh(`cd '${clone}' && ${change}`);
    expect(await deploy()).toMatchObject({ code: 3, output: expect.stringContaining('docker/compose.yaml') });
  });

  test('is nothing while a tracked file is not here, and nothing outside of a clone', async () => {
    rmSync(join(clone, 'docker/compose.yaml'));
    expect(await deploy()).toMatchObject({ code: 3, output: expect.stringContaining('docker/compose.yaml') });
    rmSync(join(clone, '.git'), { recursive: true });
    expect(await deploy()).toMatchObject({ code: 3, output: expect.stringContaining('Give --release') });
  });
});
