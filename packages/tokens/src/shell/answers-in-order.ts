import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyServerOptions } from 'fastify';

type OnBroken = NonNullable<FastifyServerOptions['clientErrorHandler']>;

/** What a request that is not even HTTP is answered with. */
type BrokenAnswer = { readonly type: string; readonly body: string };

const answers: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The headers of the request are larger than 16 kB'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not come in time'],
};

/** The answers to whole requests may take this long once something broken has come behind them, in ms. */
const patienceMs = 10_000;

const refuse = (socket: Socket, status: number, { type, body }: BrokenAnswer): void => {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${type}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
};

/** The requests of this connection that have come whole get their answers; then it ends. */
const endBehind = (open: readonly ServerResponse[], socket: Socket): void => {
  let waiting = open.length;
  const late = setTimeout(() => socket.destroy(), patienceMs);
  socket.once('close', () => clearTimeout(late));
  for (const response of open)
    response.once('close', () => {
      waiting -= 1;
      if (waiting === 0) socket.destroySoon();
    });
  const last = open.at(-1);
  if (last !== undefined) last.shouldKeepAlive = false;
};

/**
 * A connection may bring whole requests and then something broken. Node answers what is broken at once: a client would take
 * that for the answer to a request that is being carried out. Here each whole request is answered first.
 *
 * @param answerOf the body of an answer to what is not HTTP: `detail` says what is wrong.
 * @returns `onBroken` is Fastify's `clientErrorHandler`; `watch` is called with its server.
 */
export const answersInOrder = (answerOf: (status: number, detail: string) => BrokenAnswer) => {
  const open = new WeakMap<Socket, Set<ServerResponse>>();
  const ending = new WeakSet<Socket>();
  const watch = (server: Server): void => {
    server.prependListener('request', ({ socket }, response) => {
      const those = open.get(socket) ?? new Set();
      open.set(socket, those.add(response));
      response.once('close', () => those.delete(response));
    });
  };
  const onBroken: OnBroken = (error, socket) => {
    if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
      socket.destroy();
      return;
    }
    if (ending.has(socket)) return;
    const all = [...(open.get(socket) ?? [])];
    const whole = all.filter(({ req }) => req.complete);
    // An answer that has begun, and is none of a whole request, can only be cut off.
    if (whole.length === 0 && all.some(({ headersSent }) => headersSent)) socket.destroy();
    else if (whole.length === 0) {
      const [status, detail] = answers[error.code ?? ''] ?? [400, 'This is not an HTTP request'];
      refuse(socket, status, answerOf(status, detail));
    } else {
      ending.add(socket);
      endBehind(whole, socket);
    }
  };
  return { onBroken, watch };
};
