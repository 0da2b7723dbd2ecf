import type { Server } from 'node:http';
import { answersInOrder } from '@sentinel/tokens';
import type { FastifyHttpOptions } from 'fastify';
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
  http: {
    maxHeaderSize: 16 * 1024,
    headersTimeout: 5_000,
    connectionsCheckingInterval: 1_000,
    // Node would answer a request without one by itself, and in no form of ours.
    requireHostHeader: false,
  },
  routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
  logger: false,
} satisfies FastifyHttpOptions<Server>;

/** What is read from the database costs something, so one address may not ask without end. */
export const costly = { rateLimit: { max: 600, timeWindow: 60_000 } };

/** What is not even HTTP is answered in the form of every other error, behind the answers to what came before it. */
export const brokenRequests = () =>
  answersInOrder((status, detail) => ({
    type: 'application/problem+json; charset=utf-8',
    body: JSON.stringify(problem(status, detail)),
  }));
