import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { shippedApps } from '@sentinel/tooling-shipped';
import { SMTPServer } from 'smtp-server';
import { expect, onTestFinished, test } from 'vitest';
import { createStage, until } from './processes.ts';

const password = 'secret-of-the-mailbox';

/** A real mail server that wants a sign-in, and keeps what it took. */
const startMailServer = async () => {
  const mails: string[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: (auth, _, done) =>
      done(auth.password === password ? null : new Error('wrong'), { user: auth.username }),
    onData: (stream, _, done) =>
      void text(stream).then((mail) => {
        mails.push(mail);
        done();
      }),
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { mails, port: (server.server.address() as AddressInfo).port };
};

test('mail goes out by a monitor whose program is gone from the disk, and the password is in no log', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-email-'));
  mkdirSync(join(folder, 'logs'));
  const { mails, port } = await startMailServer();
  const stage = createStage(folder);
  onTestFinished(async () => {
    await stage.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });
  const file = join(folder, 'logs/heartbeat_status.txt');
  const beat = () => writeFileSync(file, `✅ Heartbeat active\n${new Date().toISOString()}\n`);
  let timer = setInterval(beat, 300);
  onTestFinished(() => clearInterval(timer));
  beat();
  const config = {
    channels: [
      {
        ...{
          kind: 'email',
          server: `smtp://127.0.0.1:${port}`,
          user: 'ann',
          passwordEnv: 'SENTINEL_MAILBOX',
        },
        ...{ from: 'Sentinel <sentinel@example.org>', to: 'ann@example.org', min: 'critical' },
      },
    ],
    bots: [{ name: 'bot', file: 'logs/heartbeat_status.txt', maxAge: 0.05, startupGrace: 0.5 }],
  };
  writeFileSync(join(folder, 'sentinel.json'), JSON.stringify(config));
  const program = join(folder, 'program');
  cpSync(join(shippedApps(), 'monitor'), program, { recursive: true });
  const args = [join(program, 'dist/index.js'), '--config', 'sentinel.json'];
  stage.start(process.execPath, args, { SENTINEL_MAILBOX: password });
  await until('the bot is healthy', () => stage.lines.join('\n').includes('bot is healthy'));
  // An upgrade replaces it: what is loaded at the first alert only is not found any more.
  rmSync(program, { recursive: true });
  clearInterval(timer);
  await until('mail of the outage', () => mails.some((mail) => /bot is stale/.test(mail)));
  timer = setInterval(beat, 300);
  await until('mail of its end', () => mails.some((mail) => /bot has recovered/.test(mail)));
  const log = readFileSync(join(folder, 'logs/heartbeat_monitor.log'), 'utf8');
  expect(log + stage.lines.join('\n')).not.toContain(password);
});
