import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { webhookSecret } from '@sentinel/tooling-vitest/webhook-secret';

/** What the server does with one request. */
export type Answer =
  | 'ok'
  /** Slack's yes, after three seconds. */
  | 'slow'
  | 'hang'
  | 'drop'
  /** Takes the message, and breaks off in the middle of the answer. */
  | 'cut'
  | { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> };

export type Post = {
  /** When it was taken, ms on the clock of `performance`. */
  readonly at: number;
  readonly text: string;
  readonly key: string | null;
  /** Slack would have shown it. */
  readonly taken: boolean;
};

/** Answers the post of this number, from 1. */
export type Script = (number: number, text: string) => Answer;

/** Only this word is Slack's yes. */
const isTaken = (answer: Answer): boolean =>
  answer === 'ok' ||
  answer === 'slow' ||
  answer === 'cut' ||
  (typeof answer === 'object' && answer.status === 200 && answer.body === 'ok');

const give = (answer: Answer, request: IncomingMessage, response: ServerResponse): void => {
  if (answer === 'ok') response.end('ok');
  else if (answer === 'slow') setTimeout(() => response.end('ok'), 3000);
  else if (answer === 'drop') request.socket.destroy();
  else if (answer === 'cut') {
    response.writeHead(200, { 'content-length': '2' });
    response.write('o', () => request.socket.destroy());
  } else if (answer !== 'hang')
    response.writeHead(answer.status, answer.headers ?? {}).end(answer.body ?? '');
};

/** Every text in a message's JSON, so that what a person reads is searched and nothing else. */
const textOf = (body: string): string => {
  const found: string[] = [];
  JSON.parse(body, (key, value) => {
    if (key === 'text' && typeof value === 'string') found.push(value);
    return value as unknown;
  });
  return found.length === 0 ? body : found.join('\n');
};

export const startWebhook = async () => {
  const posts: Post[] = [];
  let script: Script = () => 'ok';
  let number = 0;
  const server = createServer(async (request, response) => {
    const body = await text(request).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET') return null;
      throw error;
    });
    if (body === null) return;
    number += 1;
    const said =
      request.method === 'POST' && body.startsWith('{') ? textOf(body) : `${request.method} ${body}`;
    const answer = script(number, said);
    const key = request.headers['idempotency-key'];
    posts.push({
      at: performance.now(),
      text: said,
      key: typeof key === 'string' ? key : null,
      taken: isTaken(answer),
    });
    give(answer, request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/services/${webhookSecret}`,
    /** Every post, also those that were not taken. */
    posts: posts as readonly Post[],
    taken: () => posts.filter((post) => post.taken),
    answer: (next: Script | Answer) => {
      script = typeof next === 'function' ? next : () => next;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
export type Webhook = Awaited<ReturnType<typeof startWebhook>>;
