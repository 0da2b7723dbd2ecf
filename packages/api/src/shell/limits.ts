import type { Server } from 'node:http';
import type { FastifyHttpOptions, FastifyServerOptions } from 'fastify';
import { problem } from '../core/problem.ts';

/** What one client may cost. A stream is exempt from none: its comment every 15 s keeps it from looking idle. */
export const limits = {
  bodyLimit: 16 * 1024,
  /** A connection on which nothing moves. */
  connectionTimeout: 60_000,
  /** From the first byte of a request to its last: a client that drips its headers is let go. */
  requestTimeout: 10_000,
  keepAliveTimeout: 20_000,
  forceCloseConnections: 'idle',
  http: { maxHeaderSize: 16 * 1024, headersTimeout: 5_000, connectionsCheckingInterval: 1_000 },
  routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
  logger: false,
} satisfies FastifyHttpOptions<Server>;

/** What is read from the database costs something, so one address may not ask without end. */
export const costly = { rateLimit: { max: 600, timeWindow: 60_000 } };

type Answer = readonly [status: number, detail: string];

const answers: Readonly<Record<string, Answer>> = {
  HPE_HEADER_OVERFLOW: [431, 'The headers of the request are larger than 16 kB'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not come in time'],
};

/** Answers what is not even HTTP, in the form of every other error. */
export const answerBrokenRequest: NonNullable<FastifyServerOptions['clientErrorHandler']> = (
  error,
  socket,
) => {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, detail] = answers[error.code ?? ''] ?? [400, 'This is not an HTTP request'];
  const details = problem(status, detail);
  const body = JSON.stringify(details);
  socket.end(
    `HTTP/1.1 ${status} ${details.title}\r\nContent-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
};
