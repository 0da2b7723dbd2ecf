import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { type Attempts, afterFailure, attemptLimit, bearerToken, waitFor } from '../core/token.ts';
import type { ApiOptions } from '../options.ts';
import { ApiFailure } from './failure.ts';

export type Guard = {
  /** Throws unless the request may read. */
  readonly reading: (request: FastifyRequest) => void;
  /** Throws unless the request may change things. */
  readonly changing: (request: FastifyRequest) => void;
};

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Checks bearer tokens. Digests of equal length are compared, so time tells nothing, not even the length. */
export const createGuard = (
  { apiToken, readToken }: Pick<ApiOptions, 'apiToken' | 'readToken'>,
  monotonic: () => number,
): Guard => {
  const attempts = new Map<string, Attempts>();
  const forChange = apiToken === undefined ? [] : [digest(apiToken)];
  const forReading = readToken === undefined ? [] : [digest(readToken), ...forChange];

  const check = (request: FastifyRequest, accepted: readonly Buffer[]) => {
    const now = monotonic();
    const wait = waitFor(attempts.get(request.ip), now);
    if (wait > 0)
      throw new ApiFailure(429, 'Too many wrong tokens from this address: wait, then try again', {
        'retry-after': String(Math.ceil(wait / 1000)),
      });
    const given = bearerToken(request.headers.authorization);
    if (given === null)
      throw new ApiFailure(401, 'A token is needed: send it as `Authorization: Bearer <token>`', {
        'www-authenticate': 'Bearer realm="sentinel"',
      });
    const found = digest(given);
    // Every accepted token is compared, whether or not an earlier one matched.
    const matches = accepted.filter((token) => timingSafeEqual(token, found));
    if (matches.length > 0) return;
    if (attempts.size >= attemptLimit.addresses) attempts.clear();
    attempts.set(request.ip, afterFailure(attempts.get(request.ip), now));
    throw new ApiFailure(401, 'This token is not accepted here', {
      'www-authenticate': 'Bearer realm="sentinel", error="invalid_token"',
    });
  };

  return {
    reading: (request) => {
      if (readToken !== undefined) check(request, forReading);
    },
    changing: (request) => {
      if (apiToken === undefined)
        throw new ApiFailure(
          403,
          'Nothing can be changed over this API: no token is configured; set SENTINEL_API_TOKEN and start it again',
        );
      check(request, forChange);
    },
  };
};
