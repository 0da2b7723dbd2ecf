import { type Backoff, backoffMs } from '@sentinel/heartbeat-core';

/** Doubling to five minutes, of which the upper half is left to chance. */
const backoff: Backoff = { firstMs: 1000, longestMs: 5 * 60_000, jitter: 0.5 };
/** A longer `Retry-After` is a mistake, and must not silence alerts for a day. */
const longestRetryAfterMs = 60 * 60_000;
/** A failure that is not to be hoped to pass soon is waited for as if so many tries had failed before: half a minute. */
const slowTries = 5;

/** What was asked for is the least; beyond it the backoff still grows. In ms. */
export const waitAfter = (
  { waitMs, slowly = false }: { readonly waitMs: number; readonly slowly?: boolean },
  tries: number,
  random: number,
): number => Math.max(waitMs, backoffMs(slowly ? tries + slowTries : tries, backoff, random));

/** A `Retry-After` in ms from `now`: seconds, or a date; an hour at most. `null` when it is neither. */
export const parseRetryAfter = (header: string | null, now: number): number | null => {
  const text = header?.trim() ?? '';
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.min(longestRetryAfterMs, Math.max(0, Math.ceil(ms))) : null;
};
