import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Order } from '../broker/broker.ts';
import type { PaperBroker } from '../broker/paper-broker.ts';
import type { Credentials } from '../login/login-method.ts';
import { noFaults, type SiteFaults } from './faults.ts';
import { type BlotterRow, loginPage, secondFactorPage, tradePage } from './pages.ts';
import { createSessions } from './sessions.ts';

type BrokerSiteOptions = {
  readonly account: Credentials;
  /** The account and its prices: orders of the page are executed here. */
  readonly broker: PaperBroker;
  readonly symbol: string;
  readonly host?: string;
  /** Default: a free one. */
  readonly port?: number;
};

export type BrokerSite = {
  readonly url: string;
  readonly faults: SiteFaults;
  readonly sessions: ReturnType<typeof createSessions>;
  readonly stop: () => Promise<void>;
};

const loginSchema = z.object({ username: z.string().max(200), password: z.string().max(200) });
const orderSchema = z
  .object({
    'order-id': z.string().min(1).max(100),
    symbol: z.string().max(12),
    side: z.enum(['buy', 'sell']),
    quantity: z.coerce.number().int().positive(),
    target: z.coerce.number().positive(),
    stop: z.coerce.number().positive(),
  })
  .transform(({ 'order-id': id, ...order }): Order => ({ id, ...order }));

const tokenOf = (request: FastifyRequest) =>
  /(?:^|;\s*)session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1];

const cookie = (token: string, seconds: number) =>
  `session=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}`;

const day = 24 * 60 * 60;

/** The shipped broker site: login page, order ticket and blotter over a paper account, for demo and tests. */
export const startBrokerSite = async (options: BrokerSiteOptions): Promise<BrokerSite> => {
  const faults = noFaults();
  const sessions = createSessions(options.account, faults);
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 10_000 });
  const form = { parseAs: 'string' } as const;
  app.addContentTypeParser('application/x-www-form-urlencoded', form, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.addHook('onRequest', async () => {
    if (faults.delayMs > 0) await sleep(faults.delayMs, undefined, { ref: false });
  });
  app.addHook('onSend', async (_request, reply) => void reply.header('cache-control', 'no-store'));
  addLogin(app, faults, sessions);
  addTrading(app, options, faults, sessions);
  const url = await app.listen({ host: options.host ?? '127.0.0.1', port: options.port ?? 0 });
  return { url, faults, sessions, stop: () => app.close() };
};

type Sessions = BrokerSite['sessions'];

const addLogin = (app: FastifyInstance, faults: SiteFaults, sessions: Sessions) => {
  app.get('/', async (_request, reply) => reply.redirect('/login'));
  app.get('/login', async (request, reply) => {
    if (sessions.has(tokenOf(request))) return reply.redirect('/trade');
    return reply.type('text/html').send(loginPage({ captcha: faults.captcha }));
  });
  app.post('/login', async (request, reply) => {
    const given = loginSchema.safeParse(request.body);
    const token = given.success ? sessions.signIn(given.data) : null;
    if (token === null)
      return reply
        .code(401)
        .type('text/html')
        .send(loginPage({ wrong: true }));
    if (faults.secondFactor) {
      sessions.signOut(token);
      return reply.type('text/html').send(secondFactorPage());
    }
    if (faults.captchaAfterPassword || faults.unknownPage) {
      sessions.signOut(token);
      return reply
        .type('text/html')
        .send(faults.unknownPage ? '<h1>Down for maintenance</h1>' : loginPage({ captcha: true }));
    }
    return reply.header('set-cookie', cookie(token, day)).redirect('/trade', 303);
  });
  app.post('/logout', async (request, reply) => {
    sessions.signOut(tokenOf(request));
    return reply.header('set-cookie', cookie('', 0)).redirect('/login', 303);
  });
};

const addTrading = (
  app: FastifyInstance,
  { broker, account, symbol }: BrokerSiteOptions,
  faults: SiteFaults,
  sessions: Sessions,
) => {
  const rowOf = async (id: string): Promise<BlotterRow[]> => {
    const outcome = await broker.find(id);
    if (outcome === null) return [];
    return outcome.kind === 'filled'
      ? [{ id, state: 'filled', price: String(outcome.price), detail: String(outcome.fee) }]
      : [{ id, state: 'rejected', price: '', detail: outcome.reason }];
  };
  app.get<{ Querystring: { order?: string; after?: string } }>('/trade', async (request, reply) => {
    if (!sessions.has(tokenOf(request))) return reply.redirect('/login');
    const { order, after } = request.query;
    const page = tradePage({
      username: account.username,
      symbol,
      price: (await broker.price(symbol)) ?? 0,
      open: await broker.openPositions(),
      positions: (await broker.positions()) ?? [],
      blotter: order === undefined ? [] : await rowOf(order),
      closed: await broker.closedAfter(Number(after ?? 0) || 0),
    });
    return reply.type('text/html').send(page);
  });
  app.post('/orders', async (request, reply) => {
    if (!sessions.has(tokenOf(request))) return reply.redirect('/login', 303);
    const parsed = orderSchema.safeParse(request.body);
    if (!parsed.success)
      return reply.code(400).type('text/plain').send('The ticket is not filled in rightly.');
    await broker.place(parsed.data);
    if (faults.answerDelayMs > 0) await sleep(faults.answerDelayMs, undefined, { ref: false });
    if (faults.dropAnswers > 0) {
      faults.dropAnswers -= 1;
      request.raw.socket.destroy();
      return reply.hijack();
    }
    return reply.redirect(`/trade?order=${encodeURIComponent(parsed.data.id)}`, 303);
  });
};
