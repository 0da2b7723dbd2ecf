import { createHash, timingSafeEqual } from 'node:crypto';
import type {} from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { attemptLimit, bearerToken } from '../core/token.ts';
import { addressKey, addressOf } from './address.ts';

type TokenVerdict =
  | { readonly kind: 'right' }
  | { readonly kind: 'none' }
  | { readonly kind: 'wrong' }
  /** Wrong, as too many before it. */
  | { readonly kind: 'too-many'; readonly retryAfterSeconds: number };

/** `known`: tokens that are right elsewhere, so that no one who has one is guessing. */
type TokenCheck = (
  request: FastifyRequest,
  accepted: readonly string[],
  known?: readonly string[],
) => Promise<TokenVerdict>;

/** Digests of equal length are compared, so time tells nothing, not even the length. */
const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * Checks the bearer token of a request. `app` has `@fastify/rate-limit`, which counts the wrong ones of an address
 * and remembers a bounded number of addresses. The right token is never counted: behind one proxy all clients have
 * one address, and whoever guesses there must not shut the others out.
 */
export const createTokenCheck = (app: FastifyInstance, warn: (line: string) => void): TokenCheck => {
  let limit: ReturnType<FastifyInstance['createRateLimit']> | undefined;
  const count = (request: FastifyRequest) => {
    limit ??= app.createRateLimit({ ...attemptLimit, keyGenerator: addressKey });
    return limit(request);
  };
  return async (request, accepted, known = []) => {
    const given = bearerToken(request.headers.authorization);
    if (given === null) return { kind: 'none' };
    const found = digest(given);
    // Every accepted token is compared, whether or not an earlier one matched.
    const matching = (tokens: readonly string[]) =>
      tokens.filter((token) => timingSafeEqual(digest(token), found)).length > 0;
    const [isRight, isKnown] = [matching(accepted), matching(known)];
    if (isRight) return { kind: 'right' };
    if (isKnown) return { kind: 'wrong' };
    const counted = await count(request);
    if (counted.isAllowed) return { kind: 'wrong' };
    if (counted.isExceeded) return { kind: 'too-many', retryAfterSeconds: Math.max(1, counted.ttlInSeconds) };
    if (counted.remaining === 0)
      warn(
        `${attemptLimit.max} wrong tokens within a minute from ${addressOf(request)}: further ones wait for its end`,
      );
    return { kind: 'wrong' };
  };
};
