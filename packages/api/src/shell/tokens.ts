import { createTokenCheck } from '@sentinel/tokens';
import type { FastifyRequest } from 'fastify';
import { hostName, isOwnHost } from '../core/host.ts';
import type { ApiLog, ApiOptions } from '../options.ts';
import type { App } from './context.ts';
import { ApiFailure } from './failure.ts';

export type Guard = {
  /** Whether the request is for this API, whatever it asks. Throws where it is not. */
  readonly host: (request: FastifyRequest) => Promise<void>;
  readonly isOwnHost: (request: FastifyRequest) => boolean;
  /** Throws unless the request may read. */
  readonly reading: (request: FastifyRequest) => Promise<void>;
  /** Whether the request brings a token that may read, also where none is needed. */
  readonly knows: (request: FastifyRequest) => Promise<boolean>;
  /** Throws unless the request may change things. */
  readonly changing: (request: FastifyRequest) => Promise<void>;
  /** Throws unless the request may beat for a bot. */
  readonly beating: (request: FastifyRequest) => Promise<void>;
};

const unauthorised = (detail: string, challenge: string) =>
  new ApiFailure(401, detail, { 'www-authenticate': `Bearer realm="sentinel"${challenge}` });

/** Throws unless the token was the right one. */
const requireRight = (verdict: Awaited<ReturnType<ReturnType<typeof createTokenCheck>>>): void => {
  if (verdict.kind === 'none')
    throw unauthorised('A token is needed: send it as `Authorization: Bearer <token>`', '');
  if (verdict.kind === 'wrong')
    throw unauthorised('This token is not accepted here', ', error="invalid_token"');
  if (verdict.kind === 'too-many')
    throw new ApiFailure(429, 'Too many wrong tokens from this address: wait, then try again', {
      'retry-after': String(verdict.retryAfterSeconds),
    });
};

const notThisApi = () =>
  new ApiFailure(
    421,
    'The name in the Host header is none of this API: add it to SENTINEL_ALLOWED_HOSTS and start the API again, ask by an address, or send a token',
    { connection: 'close' },
  );

/** Where no token is configured for it. */
const notTaken = (what: string, setting: string) =>
  new ApiFailure(403, `${what}; set ${setting} and start it again`);

/** Only HTTP/1.0 may leave it out. */
const lacksHost = ({ headers, raw }: Pick<FastifyRequest, 'headers' | 'raw'>): boolean =>
  headers.host === undefined && raw.httpVersion !== '1.0';

/** Who may ask what: the token of a request, and the name under which it came here. */
export const createGuard = (
  app: App,
  { apiToken, readToken, beatsToken, beatsTokens = new Map(), allowedHosts = [] }: ApiOptions,
  log: ApiLog,
): Guard => {
  const judge = createTokenCheck(app as never, log.warn);
  const forChange = apiToken === undefined ? [] : [apiToken];
  const forReading = readToken === undefined ? [] : [readToken, ...forChange];
  // Who beats neither reads nor orders, and nobody else beats.
  const forBeats = beatsToken === undefined ? [] : [beatsToken];
  // The machine of one bot must not keep another one alive.
  const ofBots = [...beatsTokens.values()];
  const anyToken = [...forChange, ...(readToken === undefined ? [] : [readToken]), ...forBeats, ...ofBots];
  const names = new Set(allowedHosts.map(hostName));

  const check = async (request: FastifyRequest, accepted: readonly string[]) =>
    requireRight(await judge(request, accepted, anyToken));

  return {
    isOwnHost: ({ headers, raw }) =>
      !lacksHost({ headers, raw }) &&
      isOwnHost(headers.host, names) &&
      // Of several lines this API and a proxy before it may take another one.
      raw.rawHeaders.filter((name, index) => index % 2 === 0 && /^host$/i.test(name)).length < 2,
    host: async (request) => {
      if (lacksHost(request))
        throw new ApiFailure(400, 'A request of HTTP/1.1 needs a Host header', { connection: 'close' });
      const { kind } = anyToken.length === 0 ? { kind: 'none' } : await judge(request, anyToken);
      if (kind !== 'right') throw notThisApi();
    },
    reading: async (request) => {
      if (readToken !== undefined) await check(request, forReading);
    },
    knows: async (request) => {
      const accepted = readToken === undefined ? forChange : forReading;
      return accepted.length > 0 && (await judge(request, accepted, anyToken)).kind === 'right';
    },
    changing: async (request) => {
      if (apiToken === undefined)
        throw notTaken('Nothing can be changed over this API: no token is configured', 'SENTINEL_API_TOKEN');
      await check(request, forChange);
    },
    beating: async (request) => {
      if (forBeats.length + ofBots.length === 0)
        throw notTaken(
          'No beats are taken over this API: no token is configured for them',
          'SENTINEL_BEATS_TOKEN',
        );
      const { bot = '' } = request.params as { bot?: string };
      const own = beatsTokens.get(bot);
      await check(request, own === undefined ? forBeats : [own]);
    },
  };
};
