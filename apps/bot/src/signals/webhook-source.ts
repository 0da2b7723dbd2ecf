import rateLimit from '@fastify/rate-limit';
import { answersInOrder, createTokenCheck, refuseRepeatedKeys } from '@sentinel/tokens';
import Fastify, { type FastifyReply } from 'fastify';
import { entriesOf, parseSignal, signalPart } from '../core/signal.ts';
import type { Memory } from '../store/memory.ts';
import { detect, type SignalSource } from './source.ts';

export type WebhookOptions = {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** What a sender has to show as a bearer token. */
  readonly token: string;
  readonly inbox: Memory['inbox'];
  readonly now: () => number;
  /** For the log: somebody guesses. */
  readonly warn: (line: string) => void;
  /** The longest time for one request to arrive, ms. Default: 10 s. */
  readonly requestTimeoutMs?: number;
};

type WebhookSource = SignalSource & { readonly url: string };

const mostWaiting = 1000;
const usualTimeoutMs = 10_000;

const refusePath = (_error: unknown, _request: unknown, reply: FastifyReply): void => {
  reply.code(400).header('connection', 'close').send({ error: 'The path of the request cannot be read' });
};

/** `POST /signals`: what was answered with 202 is on the disk and survives a crash of the bot. */
export const startWebhookSource = async (options: WebhookOptions): Promise<WebhookSource> => {
  const { inbox, now } = options;
  const requestTimeout = options.requestTimeoutMs ?? usualTimeoutMs;
  const broken = answersInOrder((_, error) => ({
    type: 'application/json; charset=utf-8',
    body: JSON.stringify({ error }),
  }));
  const app = Fastify({
    clientErrorHandler: broken.onBroken,
    // Such a path is refused before the token is asked for, and the library's own answer keeps the connection.
    frameworkErrors: refusePath as never,
    bodyLimit: 64 * 1024,
    forceCloseConnections: true,
    requestTimeout,
    // Node looks for late requests only now and then: as often as one may be late.
    http: { requestTimeout, headersTimeout: requestTimeout, connectionsCheckingInterval: requestTimeout / 2 },
  });

  broken.watch(app.server);
  refuseRepeatedKeys(app);
  await app.register(rateLimit, { global: false });
  const judge = createTokenCheck(app, (line) => options.warn(`Webhook for signals: ${line}`));
  app.addHook('onRequest', async (request, reply) => {
    const verdict = await judge(request, [options.token]);
    if (verdict.kind === 'right') return undefined;
    // Whoever does not know the token may not hold a connection with a body that never ends.
    reply.header('connection', 'close');
    if (verdict.kind === 'too-many') {
      reply.header('retry-after', verdict.retryAfterSeconds);
      return reply.code(429).send({ error: 'Too many wrong tokens from this address: wait, then try again' });
    }
    return reply.code(401).send({ error: 'Expected the bearer token of SIGNAL_WEBHOOK_TOKEN' });
  });
  app.post('/signals', async (request, reply) => {
    const entries = entriesOf(request.body);
    const problems = entries.map(parseSignal).flatMap((parsed) => (parsed.ok ? [] : [parsed.problem]));
    if (problems.length > 0) return reply.code(422).send({ error: problems.join('; ') });
    if (inbox.count() + entries.length > mostWaiting)
      return reply.code(429).send({ error: `More than ${mostWaiting} signals are waiting` });
    for (const entry of entries) inbox.add(signalPart(entry), now());
    return reply.code(202).send({ accepted: entries.length });
  });

  const url = await app.listen({ host: options.host, port: options.port });
  return {
    name: 'webhook',
    url,
    take: async () =>
      inbox.list().map(({ seq, at, body }) => ({ ...detect(body, at), done: () => inbox.remove(seq) })),
    close: () => app.close(),
  };
};
