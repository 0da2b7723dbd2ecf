import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

type Body = Readonly<Record<string, unknown>> & { readonly text?: string };
/** A message as people see it: `bodies` are what was sent, and then what it was edited to. */
export type TelegramMessage = { readonly id: number; readonly bodies: Body[] };
type Answer = { readonly status: number; readonly body: object };
type Update = { readonly update_id: number; readonly callback_query: object };

type Options = {
  /** Asked before each call. `undefined`: it is carried out. */
  readonly mishap?: (method: string) => Answer | undefined;
};

/** A refusal, as Telegram words it. */
export const refusal = (code: number, description: string, parameters?: object): Answer => ({
  status: code,
  body: { ok: false, error_code: code, description, ...(parameters === undefined ? {} : { parameters }) },
});
const done = (result: unknown): Answer => ({ status: 200, body: { ok: true, result } });

/**
 * A server that behaves as the Bot API does (core.telegram.org/bots/api): a press waits until it is asked for, and is given
 * again until an offset above its id confirms it.
 */
export const startTelegram = async ({ mishap }: Options = {}) => {
  const messages: TelegramMessage[] = [];
  const answered: Body[] = [];
  const calls: string[] = [];
  let updates: Update[] = [];
  let lastId = 700;
  let wake = Promise.withResolvers<void>();

  const poll = async (offset: number, response: ServerResponse): Promise<Answer> => {
    updates = updates.filter(({ update_id }) => update_id >= offset);
    if (updates.length === 0) await Promise.race([wake.promise, once(response, 'close')]);
    return done(updates);
  };
  const carryOut = async (method: string, body: Body, response: ServerResponse): Promise<Answer> => {
    const find = (id: unknown) => messages.find((one) => one.id === id);
    switch (method) {
      case 'sendMessage': {
        const message = { id: messages.length + 1, bodies: [body] };
        messages.push(message);
        return done({ message_id: message.id, date: 1_767_571_200, text: body.text });
      }
      case 'editMessageText': {
        const message = find(body.message_id);
        if (message === undefined) return refusal(400, 'Bad Request: message to edit not found');
        if (message.bodies.at(-1)?.text === body.text)
          return refusal(
            400,
            'Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
          );
        message.bodies.push(body);
        return done({ message_id: message.id, text: body.text });
      }
      case 'getUpdates':
        return poll(Number(body.offset), response);
      case 'answerCallbackQuery':
        answered.push(body);
        return done(true);
      default:
        return refusal(404, 'Not Found');
    }
  };
  const server = createServer(async (request, response) => {
    const method = /^\/bot[^/]+\/(\w+)$/.exec(request.url ?? '')?.[1] ?? '';
    const body: Body = JSON.parse(await text(request));
    calls.push(method);
    const { status, body: said } = mishap?.(method) ?? (await carryOut(method, body, response));
    if (!response.destroyed)
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(said));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages,
    answered,
    calls,
    /** Somebody presses a button of a message. */
    press: (data: string, chat: number, from: object = { id: 7, first_name: 'Ann', username: 'ann' }) => {
      lastId += 1;
      const message = { message_id: 1, chat: { id: chat, type: 'group' } };
      updates.push({ update_id: lastId, callback_query: { id: String(lastId), from, message, data } });
      wake.resolve();
      wake = Promise.withResolvers();
    },
    close: () => {
      wake.resolve();
      server.closeAllConnections();
      server.close();
    },
  };
};
