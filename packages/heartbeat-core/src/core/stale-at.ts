import type { HealthPolicy } from './health.ts';
import type { StatusRecord } from './status-record.ts';

/**
 * The instant, in ms since the epoch, at which a beat turns stale by the wall clock: fresh just before, stale at it.
 *
 * @example
 * setTimeout(look, Math.max(0, staleAt(record, policy) - Date.now()));
 */
export const staleAt = (
  record: Pick<StatusRecord, 'updatedAt'>,
  policy: Pick<HealthPolicy, 'maxAgeMs'>,
): number => record.updatedAt + policy.maxAgeMs;
