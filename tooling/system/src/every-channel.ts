import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

/** A message as a service took it: whoever gets it twice knows it by its key. */
type Taken = { readonly key: string; readonly body: string };

/** A bot of Slack names a message in its metadata, the others in a header. */
const keyOf = (header: unknown, body: string): string =>
  header === undefined ? String(JSON.parse(body).metadata?.event_payload?.id) : String(header);

/** What each service says when it takes a message, by the beginning of the path. */
const services: readonly (readonly [path: string, name: string, answer: string])[] = [
  ['/services/', 'slack', 'ok'],
  ['/chat.', 'slack-bot', '{"ok":true,"channel":"C0123456789","ts":"1767571200.000100"}'],
  ['/bot', 'telegram', '{"ok":true,"result":{"message_id":1}}'],
  ['/api/webhooks/', 'discord', '{"id":"1"}'],
  ['/v2/', 'pagerduty', '{"status":"success"}'],
  ['/am/', 'alertmanager', ''],
  ['/hook', 'webhook', '{}'],
  ['/', 'ntfy', '{"id":"a","event":"message"}'],
];

/** `null`: who sent it was killed meanwhile. */
const wholeOf = (stream: NodeJS.ReadableStream): Promise<string | null> =>
  text(stream).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ECONNECTION') throw error;
    return null;
  });

const startMailbox = async (take: (name: string, taken: Taken) => void) => {
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    onData: (stream, _session, callback) =>
      void wholeOf(stream).then((source) => {
        if (source === null) return;
        const body = source.replaceAll('=\r\n', '');
        take('email', { key: /^Message-ID: (.*)$/im.exec(body)?.[1] ?? '', body });
        callback();
      }),
  });
  // Who sends is killed now and then.
  server.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'ECONNRESET' && code !== 'EPIPE') throw new Error(`the mail server failed: ${code}`);
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return server;
};

/** A server for each kind of channel, and what each took. */
export const startEveryChannel = async () => {
  const taken = new Map<string, Taken[]>();
  const take = (name: string, one: Taken) => taken.set(name, [...(taken.get(name) ?? []), one]);
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const [, name, answer] = services.find(([path]) => request.url?.startsWith(path)) ?? ['', '?', ''];
    const key = keyOf(request.headers['idempotency-key'], body);
    const chance = Math.random();
    // One in ten is refused for the moment.
    if (chance < 0.1) return void response.writeHead(503, { 'Content-Type': 'application/json' }).end('{}');
    take(name, { key, body });
    // One in ten was taken, and nobody is told.
    if (chance < 0.2) return void request.socket.destroy();
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const mailbox = await startMailbox(take);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const mail = `smtp://127.0.0.1:${(mailbox.server.address() as AddressInfo).port}`;
  return {
    names: [...services.map(([, name]) => name), 'email'],
    taken: (name: string): readonly Taken[] => taken.get(name) ?? [],
    channels: [
      { kind: 'slack', urlEnv: 'SENTINEL_A_SLACK' },
      { kind: 'slack', name: 'bot', tokenEnv: 'SENTINEL_A_BOT', channel: 'C0123456789', server: url },
      { kind: 'telegram', tokenEnv: 'SENTINEL_A_TOKEN', chat: '42', server: url },
      { kind: 'ntfy', urlEnv: 'SENTINEL_A_NTFY' },
      { kind: 'discord', urlEnv: 'SENTINEL_A_DISCORD' },
      { kind: 'pagerduty', keyEnv: 'SENTINEL_A_KEY', server: url },
      { kind: 'alertmanager', url: `${url}/am` },
      { kind: 'webhook', urlEnv: 'SENTINEL_A_HOOK' },
      { kind: 'email', server: mail, from: 'sentinel@example.org', to: 'ann@example.org' },
    ],
    env: {
      SENTINEL_A_SLACK: `${url}/services/T0/B0/x`,
      SENTINEL_A_BOT: 'xoxb-0123456789',
      SENTINEL_A_TOKEN: '123456:ABCdefGhIJKlmNoPQRsTUVwxyZ',
      SENTINEL_A_NTFY: `${url}/topic`,
      SENTINEL_A_DISCORD: `${url}/api/webhooks/1/x`,
      SENTINEL_A_KEY: '0123456789abcdef0123456789abcdef',
      SENTINEL_A_HOOK: `${url}/hook`,
    },
    close: () => {
      server.closeAllConnections();
      server.close();
      mailbox.close();
    },
  };
};
