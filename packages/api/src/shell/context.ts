import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ApiClock, ApiLog, ApiOptions } from '../options.ts';
import type { FleetFile } from './fleet-file.ts';
import type { FollowedBot } from './follow-bot.ts';
import type { JournalReader } from './journal.ts';
import type { StatusCache } from './status-cache.ts';
import type { StreamHub } from './stream-hub.ts';

/** Fastify with schemas of zod. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export type BotParts = { readonly watch: FollowedBot; readonly status: StatusCache };

export type Context = {
  readonly options: ApiOptions;
  readonly clock: ApiClock;
  readonly log: ApiLog;
  readonly bots: ReadonlyMap<string, BotParts>;
  readonly first: BotParts;
  readonly journal: JournalReader;
  readonly hub: StreamHub;
  readonly fleet: FleetFile;
  readonly clean: (text: string) => string;
};
