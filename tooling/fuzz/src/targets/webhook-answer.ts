import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type Batch, jsonChannel } from '@sentinel/notify';
import { slackChannel } from '@sentinel/slack';
import { waitAfter } from '../../../../packages/notify/src/core/wait.ts';
import { createHttp } from '../../../../packages/notify/src/shell/http.ts';
import { must, type Target } from '../target.ts';

const secret = 'hush-hush-0123';
const hourMs = 3_600_000;
/** Every answer ends at once: this is never reached, on a slow machine neither. */
const timeoutMs = 60_000;

const batch: Batch = { alerts: [], mayBeDouble: false, refusal: 'no form but text' };

/** What the far end says, as whoever asked it read it to its end; `null` where that was not possible. */
type Said = { readonly status: number; readonly text: string } | null;

export const webhookAnswer: Target = {
  name: 'webhook-answer',
  takes: 'what the far end of a webhook answers',
  words: [
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.1 404 Not Found\r\n',
    'HTTP/1.1 429 Too Many\r\n',
    'HTTP/1.1 302 Found\r\n',
    'HTTP/1.1 100 Continue\r\n\r\n',
    'HTTP/1.0 200\r\n',
    'Content-Length: 2\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Content-Encoding: gzip\r\n',
    'Retry-After: 5\r\n',
    'Retry-After: Thu, 01 Jan 2026 00:02:00 GMT\r\n',
    'Location: /\r\n',
    'Content-Type: text/html; charset=utf-16\r\n',
    '\r\n\r\n',
    'ok',
    '\n',
    'no_service',
    'invalid_payload',
    '<!doctype html>',
    '{"ok":true}',
    '2\r\nok\r\n0\r\n\r\n',
  ],
  open: async () => {
    let answer: Buffer = Buffer.alloc(0);
    const server = createServer((socket) => {
      socket.on('error', () => {}).once('data', () => socket.end(answer));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/${secret}`;

    // The same answer, read by nothing of ours.
    const plainFetch = globalThis.fetch;
    let said: Promise<Said> = Promise.resolve(null);
    globalThis.fetch = async (...args) => {
      const response = await plainFetch(...args);
      const { status } = response;
      said = response
        .clone()
        .text()
        .then(
          (text) => ({ status, text }),
          () => null,
        );
      return response;
    };

    const check = async (kind: 'slack' | 'json') => {
      said = Promise.resolve(null);
      const { send } = kind === 'slack' ? slackChannel : jsonChannel;
      const http = createHttp({ timeoutMs, now: () => 0 });
      const memory = { get: () => undefined, set: () => {} };
      const outcome = await send(batch, 'key', { options: { url }, http, now: 0, memory });
      const truth = await said;
      const yes = truth !== null && truth.status >= 200 && truth.status < 300;
      const isOk =
        yes && (kind === 'slack' ? truth.text.trim() === 'ok' : !truth.text.trim().startsWith('<'));
      must(outcome.kind !== 'sent' || isOk, `delivered, with the answer ${JSON.stringify(truth)}`);
      if (kind === 'slack')
        must(!isOk || outcome.kind === 'sent', `not delivered, though it was: ${JSON.stringify(outcome)}`);
      if (outcome.kind === 'sent') return;
      must(/^[ -~]{1,120}$/.test(outcome.detail), `its detail is ${JSON.stringify(outcome.detail)}`);
      must(!outcome.detail.includes(secret), 'its detail tells the address');
      if (outcome.kind === 'retry') {
        const ms = waitAfter(outcome, 1, 0.5);
        must(ms >= 500 && ms <= hourMs, `tried again after ${ms} ms`);
      } else
        must(
          truth === null || (truth.status >= 400 && truth.status < 500),
          `given up at ${JSON.stringify(truth)}`,
        );
    };
    return {
      check: async (input) => {
        answer = input;
        await check('slack');
        await check('json');
      },
      close: async () => {
        globalThis.fetch = plainFetch;
        server.close();
      },
    };
  },
};
