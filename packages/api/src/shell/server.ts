import cors from '@fastify/cors';
import rateLimit from '@fastify/rate-limit';
import { createCleaner, createSources, type Sources } from '@sentinel/heartbeat-core';
import { addressKey, refuseRepeatedKeys } from '@sentinel/tokens';
import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { ApiClock, ApiLog, ApiOptions } from '../options.ts';
import { cleanReader } from './clean-journal.ts';
import type { App, BotParts, Context } from './context.ts';
import { answerErrors, onBadPath } from './errors.ts';
import { every } from './every.ts';
import { ApiFailure } from './failure.ts';
import { openFleetFile } from './fleet-file.ts';
import { followBot } from './follow-bot.ts';
import { noJournal } from './journal.ts';
import { brokenRequests, limits } from './limits.ts';
import { describeRoutes, serveDescription } from './openapi.ts';
import { servePages } from './pages.ts';
import { publishStatus } from './publish.ts';
import { publishIncidents } from './publish-incidents.ts';
import { beatRoutes } from './routes/beats.ts';
import { commandRoutes } from './routes/commands.ts';
import { fleetOrders, fleetRoute } from './routes/fleet.ts';
import { badgeRoutes, healthRoutes, probeRoutes } from './routes/health.ts';
import { journalRoutes } from './routes/journal.ts';
import { metricsRoute } from './routes/metrics.ts';
import { peersRoute } from './routes/peers.ts';
import { statusRoutes } from './routes/status.ts';
import { streamRoute } from './routes/stream.ts';
import { sqliteJournal } from './sqlite-journal.ts';
import { cacheStatus } from './status-cache.ts';
import { createStreamHub } from './stream-hub.ts';
import { createGuard, type Guard } from './tokens.ts';

/** What is under way when the API stops may take this long to end, in ms. */
const longestAnswerMs = 3000;

/** A folder that was made or replaced since is watched this soon, in ms. */
const betweenChecksMs = 1000;

const silent: ApiLog = { info: () => {}, warn: () => {}, error: () => {} };

/** All parts, wired. Nothing listens yet. */
export const buildServer = (options: ApiOptions) => {
  const clock = options.clock ?? { now: Date.now, monotonic: () => performance.now() };
  const log = options.log ?? silent;
  // A server that does not listen yet, or no more, keeps no process alive.
  const sources = createSources({ now: clock.monotonic, warn: log.warn, persistent: false });
  const context = buildContext(options, clock, log, sources);
  const { bots, hub, journal } = context;
  for (const parts of bots.values()) publishStatus(parts, hub, context.clock.now);
  const timers = [publishIncidents(journal, hub), every(betweenChecksMs, sources.ensure)];

  const broken = brokenRequests();
  const app = Fastify({
    ...limits,
    // Nobody is believed about who asks, but the proxies that were named.
    trustProxy: options.trustedProxies === undefined ? false : [...options.trustedProxies],
    clientErrorHandler: broken.onBroken,
    frameworkErrors: onBadPath as never,
  }) as unknown as App;
  broken.watch(app.server);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerErrors(app, log);
  refuseRepeatedKeys(app as never);
  const guard = createGuard(app, options, log);
  app.addHook('onRequest', (request, _reply, done) => {
    // Nearly every request passes at once; this one is asked for without end.
    if (guard.isOwnHost(request)) done();
    else guard.host(request).then(() => done(), done);
  });
  if (options.corsOrigin !== undefined)
    app.register(cors, {
      origin: typeof options.corsOrigin === 'string' ? options.corsOrigin : [...options.corsOrigin],
      methods: ['GET', 'HEAD'],
      allowedHeaders: ['authorization', 'last-event-id'],
    });
  app.register(rateLimit, {
    global: false,
    keyGenerator: addressKey,
    errorResponseBuilder: (_request, { ttl }) =>
      new ApiFailure(429, `Too many requests from this address: ask again in ${Math.ceil(ttl / 1000)} s`),
  });
  describeRoutes(app, context);
  app.register(async (routes) => registerRoutes(routes as unknown as App, context, guard));

  const close = async () => {
    for (const timer of timers) timer.stop();
    hub.close();
    const late = setTimeout(() => app.server.closeAllConnections(), longestAnswerMs);
    await app.close();
    clearTimeout(late);
    for (const { watch } of bots.values()) await watch.stop();
    sources.close();
    journal.close();
  };
  return { app, context, close };
};

const registerRoutes = (app: App, context: Context, guard: Guard): void => {
  const { options } = context;
  probeRoutes(app);
  app.register(async (plain) => {
    const reading = plain as unknown as App;
    if (options.readToken !== undefined)
      reading.addHook('onRequest', async (request) => guard.reading(request));
    for (const add of [
      statusRoutes,
      healthRoutes,
      badgeRoutes,
      peersRoute,
      fleetRoute,
      journalRoutes,
      streamRoute,
      metricsRoute,
    ])
      add(reading, context, guard);
  });
  app.register(async (plain) => {
    const changing = plain as unknown as App;
    changing.addHook('onRequest', async (request) => guard.changing(request));
    commandRoutes(changing, context);
    fleetOrders(changing, context);
  });
  app.register(async (plain) => {
    const beating = plain as unknown as App;
    beating.addHook('onRequest', async (request) => guard.beating(request));
    beatRoutes(beating, context);
  });
  serveDescription(app);
  servePages(app, context);
};

const buildContext = (options: ApiOptions, clock: ApiClock, log: ApiLog, sources: Sources): Context => {
  const { clean = createCleaner() } = options;
  const journal =
    options.historyFile === undefined
      ? noJournal
      : cleanReader(sqliteJournal(options.historyFile, clock, log, options.bots), clean);
  const parts = (bot: ApiOptions['bots'][number]): BotParts => {
    const watch = followBot(bot, clock, () => journal.supervision(bot.name), sources);
    return {
      watch,
      status: cacheStatus({ watch, journal, clock, clean, takesOrders: options.apiToken !== undefined }),
    };
  };
  const [firstBot, ...others] = options.bots;
  const first = parts(firstBot);
  return {
    options,
    clock,
    journal,
    log,
    first,
    bots: new Map([[firstBot.name, first], ...others.map((bot) => [bot.name, parts(bot)] as const)]),
    hub: createStreamHub(clock.now),
    fleet: openFleetFile(options.fleetFile, clock.monotonic, log),
    clean,
  };
};
