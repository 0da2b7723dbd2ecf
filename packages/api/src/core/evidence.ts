import {
  defaultHealthPolicy,
  type Evidence,
  type HealthPolicy,
  type Reading,
} from '@sentinel/heartbeat-core';
import type { Asked, Called } from './supervision.ts';

/** What a bot has to do to count as well: what the API was told outranks its monitor, and that the defaults. */
export const askedPolicy = (
  own: Partial<HealthPolicy>,
  { maxAgeMs, maxStallMs, maxFeedAgeMs }: Asked,
): HealthPolicy => ({
  ...defaultHealthPolicy,
  ...(maxAgeMs === null || maxAgeMs === undefined ? {} : { maxAgeMs }),
  ...(maxStallMs === null || maxStallMs === undefined ? {} : { maxStallMs }),
  ...(maxFeedAgeMs === null || maxFeedAgeMs === undefined ? {} : { maxFeedAgeMs }),
  ...own,
});

/**
 * Adds what only the monitor can know. An API that has just begun has seen no stall yet: until it sees progress move, it
 * believes a monitor that calls the bot stuck. That a process is gone it believes until a beat comes that is newer than
 * the monitor's word.
 */
export const withCalled = (
  evidence: Evidence | null,
  called: Called | null,
  { reading, moved }: { readonly reading: Reading; readonly moved: boolean },
  now: number,
): Evidence | null => {
  if (evidence === null || called === null || reading.kind !== 'beat') return evidence;
  if (called.state === 'down')
    return reading.record.updatedAt <= called.at
      ? { ...evidence, gone: { pid: null, exitCode: null } }
      : evidence;
  return moved ? evidence : { ...evidence, stuckForMs: Math.max(0, now - called.at) };
};
