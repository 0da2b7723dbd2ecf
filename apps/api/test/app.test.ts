import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bareEnv, shipped } from '@sentinel/tooling-shipped';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-app-api-'));
});
const running: { kill: (signal: 'SIGKILL') => boolean; pid?: number | undefined }[] = [];
// What a failed test leaves running must not outlive it.
afterEach(async () => {
  for (const app of running.splice(0)) {
    app.kill('SIGKILL');
    await app;
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** The app, in a folder that is not its own. */
const run = (env: Record<string, string>) => {
  const app = execa(process.execPath, [shipped('api')], {
    cwd: folder,
    env: bareEnv(env),
    extendEnv: false,
    reject: false,
    forceKillAfterDelay: 10_000,
  });
  running.push(app);
  return app;
};

const started = (app: ReturnType<typeof run>): Promise<string> =>
  new Promise((resolve, reject) => {
    createInterface({ input: app.stdout }).on('line', (line) => {
      const url = /listening on (\S+)/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
    app.then(({ stderr }) => reject(new Error(stderr)), reject);
  });

test('it serves the status file of the current directory, as its .env says, and ends on SIGTERM', async () => {
  writeFileSync(join(folder, '.env'), 'PORT=0\nHEARTBEAT_STATUS_FILE=beat.txt\nSENTINEL_BOT_NAME=alpha\n');
  writeFileSync(join(folder, 'beat.txt'), '✅ On\n2023-06-15T14:30:45.123456\n{"session_active": true}');
  const app = run({});
  const url = await started(app);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  const answer = await (await fetch(`${url}/api/heartbeat/status`)).json();
  expect(answer).toMatchObject({
    status: '✅ On',
    bot: 'alpha',
    health: 'stale',
    last_update: '2023-06-15T14:30:45.123456',
  });
  app.kill('SIGTERM');
  expect((await app).exitCode).toBe(0);
});

test('several bots are served by name', async () => {
  const app = run({ PORT: '0', SENTINEL_BOTS: 'alpha=a.txt, beta=b.txt' });
  const url = await started(app);
  const { bots } = (await (await fetch(`${url}/api/bots`)).json()) as { bots: { bot: string }[] };
  expect(bots.map(({ bot }) => bot)).toEqual(['alpha', 'beta']);
  app.kill('SIGINT');
  expect((await app).exitCode).toBe(0);
});

test('a port that is taken gives one line that says what to do', async () => {
  const first = run({ PORT: '0' });
  const port = new URL(await started(first)).port;
  const second = await run({ PORT: port });
  expect(second.exitCode).toBe(1);
  expect(second.stdout).toBe('');
  expect(second.stderr).toBe(
    `sentinel-api: 127.0.0.1:${port} is taken by another program: end it, or set PORT to a free port`,
  );
  first.kill('SIGTERM');
  await first;
});

test('a public address without a read token is warned of', async () => {
  const app = run({ PORT: '0', HOST: '0.0.0.0' });
  await started(app);
  app.kill('SIGTERM');
  expect((await app).stderr).toContain('SENTINEL_READ_TOKEN');
});

test('a setting that makes no sense gives one line, and its value is not in it', async () => {
  const { exitCode, stderr } = await run({ SENTINEL_API_TOKEN: 'two words' });
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^sentinel-api: SENTINEL_API_TOKEN [^\n]*$/);
  expect(stderr).not.toContain('two words');
});

test('a secret of its environment that the bot says is in no answer', async () => {
  writeFileSync(
    join(folder, 'beat.txt'),
    '❌ login with hunter22-x\n2023-06-15T14:30:45.123456\n{"session_active": true, "instance": "hunter22-x"}',
  );
  const app = run({ PORT: '0', HEARTBEAT_STATUS_FILE: 'beat.txt', BROKER_PASSWORD: 'hunter22-x' });
  const url = await started(app);
  for (const path of ['status', 'health', 'history', 'incidents'])
    expect(await (await fetch(`${url}/api/heartbeat/${path}`)).text()).not.toContain('hunter22');
  expect(await (await fetch(`${url}/api/heartbeat/status`)).json()).toMatchObject({
    status: '❌ login with [redacted]',
  });
  app.kill('SIGTERM');
  await app;
});

test.skipIf(process.getuid?.() !== 0)('as root it uses no .env that another user may write', async () => {
  writeFileSync(join(folder, '.env'), 'SENTINEL_DASHBOARD_DIR=/root\nPORT=0\n');
  chownSync(join(folder, '.env'), 1201, 1201);
  const { exitCode, stderr } = await run({});
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^sentinel-api: [^\n]*user 1201 may write [^\n]*chown root:root[^\n]*$/);
});
