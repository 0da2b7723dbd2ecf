import { backoffMs as waitAfter } from '@sentinel/heartbeat-core';
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
): number => waitAfter(attempt, { firstMs: backoffMs, longestMs: longestBackoffMs, jitter }, chance);
