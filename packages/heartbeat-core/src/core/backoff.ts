/** How waits grow. Lengths in ms. */
export type Backoff = {
  /** The wait after the first attempt; it doubles with each further one. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** How much of a wait is left to chance, from 0 to 1, so that many do not go in step. Default: 0. */
  readonly jitter?: number;
};

/**
 * The wait after an attempt, in ms.
 *
 * @param attempt which one it was, from 1.
 * @param chance from 0 to 1; 1 gives the whole wait.
 * @example
 * const waitMs = backoffMs(3, { firstMs: 1000, longestMs: 300_000, jitter: 0.5 }, Math.random()); // 2000 to 4000
 */
export const backoffMs = (
  attempt: number,
  { firstMs, longestMs, jitter = 0 }: Backoff,
  chance = 1,
): number => {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(30, Math.max(0, attempt - 1)));
  return Math.round(full * (1 - jitter * (1 - chance)));
};
