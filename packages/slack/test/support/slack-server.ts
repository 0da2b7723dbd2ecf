import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { webhookSecret } from '@sentinel/tooling-vitest/webhook-secret';

/** What the server does with a post: Slack's answers, and what networks do to them. */
export type Behaviour =
  | 'ok'
  | 'rate-limited'
  | 'server-error'
  | 'hang'
  | 'close-before-answer'
  | 'close-mid-answer'
  | 'invalid_payload'
  | 'no_service'
  | 'gone'
  | 'forbidden'
  /** What proxies do. */
  | 'page'
  | 'forbidden-page'
  | 'too-large-page'
  | 'redirect';

export type Post = {
  /** ms on a clock that never jumps. */
  readonly at: number;
  readonly behaviour: Behaviour;
  /** Slack shows the message to people, whatever became of the answer. */
  readonly taken: boolean;
  readonly key: string;
  readonly body: { readonly text: string } & Readonly<Record<string, unknown>>;
};

export { webhookSecret as secret };

const statuses = { invalid_payload: 400, forbidden: 403, no_service: 404, gone: 410 } as const;

const page = '<!doctype html><title>Sign in to the proxy</title>';

const act = (behaviour: Behaviour, request: IncomingMessage, response: ServerResponse): void => {
  switch (behaviour) {
    case 'ok':
      response.writeHead(200).end('ok');
      break;
    case 'rate-limited':
      response.writeHead(429, { 'Retry-After': '3' }).end('rate_limited');
      break;
    case 'server-error':
      response.writeHead(500).end('rollup_error');
      break;
    case 'close-mid-answer':
      response.writeHead(200, { 'Content-Length': '2' });
      response.write('o');
      setTimeout(() => request.socket.destroy(), 5);
      break;
    case 'close-before-answer':
      request.socket.destroy();
      break;
    case 'hang':
      break;
    case 'page':
      response.writeHead(200).end(page);
      break;
    case 'forbidden-page':
      response.writeHead(403).end(page);
      break;
    case 'too-large-page':
      response.writeHead(413).end(page);
      break;
    case 'redirect':
      response.writeHead(302, { Location: '/login' }).end();
      break;
    default: {
      const words = {
        invalid_payload: 'invalid_payload',
        forbidden: 'action_prohibited',
        no_service: 'no_service',
        gone: 'channel_is_archived',
      };
      response.writeHead(statuses[behaviour]).end(words[behaviour]);
    }
  }
};

type Certificate = { readonly key: string; readonly cert: string };

export type SlackServerOptions = {
  /** What becomes of the next post. Default: `ok`. */
  readonly behave?: (post: Omit<Post, 'behaviour' | 'taken'>) => Behaviour;
  /** Called for each post after it was taken or not, before it is answered. True: it gets no answer. */
  readonly before?: (post: Post) => boolean;
  readonly tls?: Certificate;
};

/** A server on loopback that answers as Slack's does, and keeps every post. */
export const startSlackServer = async ({ behave = () => 'ok', before, tls }: SlackServerOptions = {}) => {
  const posts: Post[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const at = performance.now();
    const key = String(request.headers['idempotency-key'] ?? '');
    const body = JSON.parse(await text(request));
    const behaviour = behave({ at, key, body });
    const post: Post = {
      at,
      key,
      body,
      behaviour,
      taken: behaviour === 'ok' || behaviour === 'close-mid-answer',
    };
    posts.push(post);
    // A certificate is looked at once a connection.
    response.shouldKeepAlive = tls === undefined;
    if (before?.(post) === true) request.socket.destroy();
    else act(behaviour, request, response);
  };
  // A sender that is killed in the middle of a post has posted nothing.
  const listener = (request: IncomingMessage, response: ServerResponse) =>
    void handle(request, response).catch(() => request.socket.destroy());
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  let impostors = 0;
  return {
    port,
    /** The next connection finds somebody else's certificate. */
    impostor: (certificate: Certificate) => {
      if (!(server instanceof TlsServer)) throw new Error('this server has no certificate');
      server.setSecureContext(certificate);
      // It depends on when the other side hangs up which of the two is heard.
      const met = () => {
        server.off('secureConnection', met).off('tlsClientError', met);
        impostors += 1;
        if (tls !== undefined) server.setSecureContext(tls);
      };
      server.on('secureConnection', met).on('tlsClientError', met);
    },
    /** Connections that found it. */
    impostors: () => impostors,
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/services/${webhookSecret}`,
    posts,
    taken: () => posts.filter(({ taken }) => taken),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
};

export type SlackServer = Awaited<ReturnType<typeof startSlackServer>>;
