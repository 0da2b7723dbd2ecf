import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { batchOf, note, recovered, sendThrough, stale } from '../../test/support/service.ts';
import { emailChannel } from './channel.ts';

const password = 'secret-of-the-mailbox';
const refuse = (responseCode: number) => Object.assign(new Error('not here'), { responseCode });

/** A certificate of nobody's. */
const selfSigned = () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-email-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=127.0.0.1'];
  execFileSync('openssl', [...made, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { secure: true, key: readFileSync(key), cert: readFileSync(cert) };
};

/** A real mail server; it keeps what it took. */
const startServer = async (options: SMTPServerOptions = {}) => {
  const mails: { readonly from: string; readonly to: readonly string[]; readonly source: string }[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    authOptional: true,
    onData: (stream, { envelope: { mailFrom, rcptTo } }, callback) =>
      void text(stream).then((source) => {
        mails.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          source,
        });
        callback();
      }),
    ...options,
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { mails, port: (server.server.address() as AddressInfo).port };
};

const send = async (given: SMTPServerOptions = {}, batch = batchOf([stale]), more: object = {}) => {
  const { mails, port } = await startServer(given);
  const options = {
    server: `smtp://127.0.0.1:${port}`,
    from: 'Sentinel <sentinel@example.org>',
    to: 'ann@example.org',
    ...more,
  };
  return { outcome: await sendThrough(emailChannel, options, batch), mails };
};

test('a message is mail, in plain text, under an id that stays', async () => {
  const { outcome, mails } = await send();
  expect(outcome).toEqual({ kind: 'sent' });
  expect(mails).toMatchObject([{ from: 'sentinel@example.org', to: ['ann@example.org'] }]);
  const { source = '' } = mails[0] ?? {};
  expect(source).toContain('Message-ID: <key@example.org>');
  expect(source).toContain('Auto-Submitted: auto-generated');
  expect(source).toMatch(/X-Priority: 1/);
  expect(source).toContain('No beat for 61 s');
  expect((await send({}, batchOf([recovered]))).mails[0]?.source).not.toContain('X-Priority');
});

test('mail of one incident refers to one id, and messages that had to wait come as one', async () => {
  const ofIncident = (facts: object) => JSON.stringify({ bot: 'bot', incident: 'bot@then', ...facts });
  const bodies = [
    ofIncident({ kind: 'unhealthy', state: 'stale', reason: 'no beat' }),
    ofIncident({ kind: 'recovered', outageMs: 5000 }),
  ];
  const referred = await Promise.all(
    bodies.map(
      async (body) => /References: (\S+)/.exec((await send({}, batchOf([body]))).mails[0]?.source ?? '')?.[1],
    ),
  );
  expect(referred[0]).toMatch(/^<[\da-f]{32}@example\.org>$/);
  expect(referred[1]).toBe(referred[0]);
  const many = await send({}, batchOf([...Array.from({ length: 30 }, () => note('traded')), stale]));
  const [, subject = ''] = /^Subject: ((?:.|\r?\n )*)/m.exec(many.mails[0]?.source ?? '') ?? [];
  expect(subject.replaceAll(/=\?UTF-8\?Q\?|\?=\s*/g, '')).toBe('=E2=9D=8C_bot_is_stale=2C_and_30_more');
});

test('nothing in a message becomes a header of its own', async () => {
  const { mails } = await send({}, batchOf([note('a\r\nBcc: eve@example.org\r\n\r\nb')]));
  expect(mails[0]?.to).toEqual(['ann@example.org']);
  expect(mails[0]?.source.split('\r\n\r\n')[0]).not.toMatch(/^Bcc:/m);
});

const signIn = {
  authOptional: false,
  onAuth: (auth, _, done) => done(auth.password === password ? null : refuse(535), { user: 'ann' }),
} satisfies SMTPServerOptions;

test('a server that wants a sign-in gets one', async () => {
  const right = await send(signIn, undefined, { user: 'ann', password });
  expect(right).toMatchObject({ outcome: { kind: 'sent' }, mails: [{}] });
});

test.each<[string, SMTPServerOptions, object, object]>([
  [
    'a wrong password',
    signIn,
    { user: 'ann', password: 'secret-but-wrong' },
    { kind: 'permanent', of: 'channel', detail: 'SMTP 535 to the sign-in' },
  ],
  [
    'a recipient that does not exist',
    { onRcptTo: (_, __, done) => done(refuse(550)) },
    {},
    { kind: 'permanent', of: 'channel', detail: 'SMTP 550 to the recipient' },
  ],
  [
    'a mailbox that is full for now',
    { onRcptTo: (_, __, done) => done(refuse(452)) },
    {},
    { kind: 'retry', reason: 'server', detail: 'SMTP 452 to the recipient' },
  ],
  [
    'a message that looks like spam',
    {
      onData: (stream, _, done) => {
        stream.resume();
        stream.on('end', () => done(refuse(554)));
      },
    },
    {},
    { kind: 'permanent', of: 'message' },
  ],
  ['a server that is busy', { onConnect: (_, done) => done(refuse(421)) }, {}, { kind: 'retry' }],
  [
    'a certificate of nobody',
    { secure: true },
    { tls: true },
    { kind: 'retry', reason: 'tls', uncertain: false },
  ],
])('%s is told as what it is', async (_, options, more, outcome) => {
  const isTls = 'tls' in more;
  const { port } = await startServer(isTls ? selfSigned() : options);
  const found = await sendThrough(
    emailChannel,
    {
      server: `${isTls ? 'smtps' : 'smtp'}://127.0.0.1:${port}`,
      from: 'a@example.org',
      to: 'b@example.org',
      ...(isTls ? {} : more),
    },
    batchOf([stale]),
  );
  expect(found).toMatchObject(outcome);
  expect(JSON.stringify(found)).not.toMatch(/secret|example/);
});

test('a server that is not there is tried again, and nothing has arrived', async () => {
  const options = { server: 'smtp://127.0.0.1:1', from: 'a@example.org', to: 'b@example.org' };
  expect(await sendThrough(emailChannel, options, batchOf([stale]))).toEqual({
    ...{
      kind: 'retry',
      reason: 'network',
      detail: 'ECONNREFUSED, nothing listens at that address',
      waitMs: 0,
      uncertain: false,
    },
  });
});

test('its options are checked before they are used', () => {
  const good = { server: 'smtps://mail.example.org', from: 'a@example.org', to: 'b@example.org' };
  expect(emailChannel.faultOf(good)).toBeNull();
  expect(emailChannel.optionsSchema(z).safeParse(good).success).toBe(true);
  expect(emailChannel.faultOf({ ...good, server: 'mail.example.org' })).toContain('smtps://');
  expect(emailChannel.faultOf({ ...good, server: 'smtps://ann:s3cret@mail.example.org' })).toMatch(/^[^3]*$/);
  expect(emailChannel.faultOf({ ...good, user: 'ann' })).toContain('password');
  expect(emailChannel.faultOf({ ...good, to: 'b@example.org, c@example.org' })).toContain('one address');
  expect(emailChannel.faultOf({ ...good, from: 'nobody' })).toContain('sender');
});
