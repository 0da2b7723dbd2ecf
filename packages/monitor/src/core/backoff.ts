import type { RestartPolicy } from './policy.ts';

/**
 * The wait after a restart, in ms: doubling with each one in the window up to the longest, of which the `jitter` part
 * is left to chance.
 *
 * @param attempt which restart of the window it was, from 1.
 * @param chance from 0 to 1.
 */
export const restartWait = (
  attempt: number,
  chance: number,
  { backoffMs, longestBackoffMs, jitter }: Pick<RestartPolicy, 'backoffMs' | 'longestBackoffMs' | 'jitter'>,
): number => {
  const full = Math.min(backoffMs * 2 ** Math.min(attempt - 1, 30), longestBackoffMs);
  return Math.round(full * (1 - jitter * (1 - chance)));
};
