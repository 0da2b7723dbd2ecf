import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  type Batch,
  type ChannelKind,
  type ChannelMemory,
  channelOf,
  type Http,
  readAlert,
} from '@sentinel/notify';
import { onTestFinished } from 'vitest';

export type Asked = {
  readonly path: string;
  readonly headers: NodeJS.Dict<string | string[]>;
  /** What any of the services is sent. */
  readonly body: Partial<{
    text: string;
    content: string;
    message: string;
    embeds: unknown;
    priority: number;
    disable_notification: boolean;
  }>;
};
export type Answering = { readonly status: number; readonly body?: unknown; readonly headers?: object };

/** A server that answers as a service does, and keeps what it was asked. */
export const startService = async (answer: (asked: Asked) => Answering) => {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const one = { path: request.url ?? '', headers: request.headers, body: JSON.parse(body) };
    asked.push(one);
    const { status, body: said = '', headers = {} } = answer(one);
    response.writeHead(status, { ...headers });
    response.end(typeof said === 'string' ? said : JSON.stringify(said));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
};

export const at = Date.UTC(2026, 0, 5);
const facts = {
  stale: '{"kind":"unhealthy","bot":"bot","state":"stale","reason":"no beat for 61 s","severity":"critical"}',
  recovered: '{"kind":"recovered","bot":"bot","outageMs":5000}',
  note: (words: string) => JSON.stringify({ kind: 'custom', bot: 'bot', severity: 'info', text: words }),
};
export const batchOf = (bodies: readonly string[], more: Partial<Batch> = {}): Batch => ({
  alerts: bodies.map((body, index) => readAlert({ key: `a${index}`, at, body })),
  mayBeDouble: false,
  refusal: null,
  ...more,
});
export const { stale, recovered, note } = facts;

/** Real HTTP, as the notifier has it for channels. */
const http: Http = {
  request: async (url, init) => {
    const response = await fetch(url, { ...init, redirect: 'manual' });
    const seconds = response.headers.get('retry-after');
    const retryAfterMs = seconds === null ? null : Number(seconds) * 1000;
    return { status: response.status, retryAfterMs, body: await response.text() };
  },
};

export const noMemory: ChannelMemory = { get: () => undefined, set: () => {} };

export const sendThrough = <Options>(
  kind: ChannelKind<Options>,
  options: Options,
  batch: Batch,
  memory = noMemory,
) => channelOf(kind, options, { name: kind.kind }).send(batch, 'key', http, Date.now(), memory);
