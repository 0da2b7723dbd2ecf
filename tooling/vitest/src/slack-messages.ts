import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

type Body = {
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
  readonly thread_ts?: string;
  readonly reply_broadcast?: boolean;
  readonly metadata?: {
    readonly event_type: string;
    readonly event_payload: Readonly<Record<string, string>>;
  };
  readonly [more: string]: unknown;
};

/** A message as people see it: `bodies` are what was posted, and then what it was edited to. */
export type SlackMessage = { readonly ts: string; readonly bodies: Body[] };

/** What becomes of a call instead of being carried out. `lost`: it is carried out, and nobody is told. */
export type SlackMishap =
  | { readonly word: string }
  | { readonly status: number; readonly retryAfter?: number; readonly body?: string }
  | 'lost'
  | 'dropped';

type Options = {
  /** Asked before each call. `undefined`: it is carried out. */
  readonly mishap?: (method: string, body: Body) => SlackMishap | undefined;
  readonly channel?: string;
};

/**
 * A server that behaves as chat.postMessage and chat.update of Slack do (docs.slack.dev/reference/methods): it answers 200
 * to what it refuses, repeats the message in its answer, and knows no message that it did not take.
 */
export const startSlackMessages = async ({ mishap, channel = 'C0123456789' }: Options = {}) => {
  const messages: SlackMessage[] = [];
  const calls: string[] = [];
  const carryOut = (method: string, body: Body): object => {
    const no = (error: string) => ({ ok: false, error });
    const find = (ts?: string) => messages.find((one) => one.ts === ts);
    if (body.channel !== channel) return no('channel_not_found');
    if (method === 'chat.postMessage') {
      if (body.thread_ts !== undefined && find(body.thread_ts) === undefined) return no('thread_not_found');
      const ts = `17675712${String(messages.length).padStart(2, '0')}.000100`;
      messages.push({ ts, bodies: [body] });
      return { ok: true, channel, ts, message: { type: 'message', ...body, ts } };
    }
    if (method !== 'chat.update') return no('unknown_method');
    const message = find(body.ts);
    if (message === undefined) return no('message_not_found');
    message.bodies.push(body);
    return { ok: true, channel, ts: body.ts, text: body.text, message: body };
  };
  const server = createServer(async (request, response) => {
    const answer = (status: number, said: string, headers: object = {}) =>
      response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers }).end(said);
    const method = (request.url ?? '').slice(1);
    const body: Body = JSON.parse(await text(request));
    calls.push(method);
    if (!/^Bearer xoxb-/.test(request.headers.authorization ?? ''))
      return void answer(200, JSON.stringify({ ok: false, error: 'invalid_auth' }));
    const now = mishap?.(method, body);
    if (now === 'dropped') return void request.socket.destroy();
    if (now !== undefined && now !== 'lost' && 'word' in now)
      return void answer(200, JSON.stringify({ ok: false, error: now.word }));
    if (now !== undefined && now !== 'lost')
      return void answer(
        now.status,
        now.body ?? JSON.stringify({ ok: false, error: 'ratelimited' }),
        now.retryAfter === undefined ? {} : { 'Retry-After': String(now.retryAfter) },
      );
    const said = JSON.stringify(carryOut(method, body));
    if (now === 'lost') return void request.socket.destroy();
    answer(200, said);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages,
    calls,
    /** Somebody deletes a message. */
    remove: (ts: string) => {
      messages.splice(
        messages.findIndex((one) => one.ts === ts),
        1,
      );
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
