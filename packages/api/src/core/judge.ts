import {
  defaultHealthPolicy,
  type Evidence,
  evaluateHealth,
  type Health,
  type HealthPolicy,
  type Reading,
} from '@sentinel/heartbeat-core';
import type { Asked, Called, Closure } from './supervision.ts';

/** What a bot has to do to count as well: what the API was told outranks its monitor, and that the defaults. */
export const policyOf = (own: Partial<HealthPolicy>, { maxAgeMs, maxStallMs }: Asked): HealthPolicy => ({
  ...defaultHealthPolicy,
  ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
  ...(maxStallMs === undefined ? {} : { maxStallMs }),
  ...own,
});

/**
 * The health at this instant. While its market was closed a bot need not beat: that closure is taken out of its age, as
 * its monitor does. One alone is known, the last; a beat from before the one before it is the older for that.
 */
export const judge = (
  reading: Reading,
  policy: HealthPolicy,
  now: number,
  evidence: Evidence | undefined,
  closure: Closure | null,
): Health => {
  if (closure === null) return evaluateHealth(reading, policy, now, evidence);
  const open = (ms: number) => ms - overlap(now - ms, now, closure);
  const openEvidence = evidence && {
    ...evidence,
    unchangedMs: open(evidence.unchangedMs),
    stalledMs: open(evidence.stalledMs),
  };
  const datedAt = reading.kind === 'beat' ? (evidence?.datedAt ?? reading.record.updatedAt) : now;
  // To a beat from the future no hours apply: it is dated wrongly in any case.
  const openNow = datedAt > now ? now : datedAt + open(now - datedAt);
  const openReading =
    reading.kind === 'beat' && reading.mtimeMs !== undefined
      ? { ...reading, mtimeMs: openNow - open(now - reading.mtimeMs) }
      : reading;
  const health = evaluateHealth(openReading, policy, openNow, openEvidence);
  const { staleInMs } = health;
  return staleInMs !== null && staleInMs > 0 && isClosed(closure, now)
    ? { ...health, staleInMs: staleInMs + closure.to - now }
    : health;
};

/** The age of the beat on the same evidence, whatever the hours of its market. */
export const realAge = (reading: Reading, now: number, evidence: Evidence | undefined): number | null =>
  evaluateHealth(reading, defaultHealthPolicy, now, evidence).ageMs;

/**
 * Takes over what only the monitor can know. An API that has just begun has seen no stall yet: until it sees progress
 * move, it believes a monitor that calls the bot stuck. That a process is gone it believes until a beat comes that is
 * newer than the monitor's word.
 */
export const believe = (
  health: Health,
  { maxStallMs }: HealthPolicy,
  {
    called,
    reading,
    moved,
  }: { readonly called: Called | null; readonly reading: Reading; readonly moved: boolean },
  now: number,
): Health => {
  if (called === null || health.state === 'stopped') return health;
  const beatAt = reading.kind === 'beat' ? reading.record.updatedAt : null;
  if (called.state === 'down')
    return beatAt !== null && beatAt <= called.at
      ? { ...health, state: 'down', reason: { kind: 'process-gone', pid: null, exitCode: null } }
      : health;
  if (moved || maxStallMs === null || (health.state !== 'healthy' && health.state !== 'degraded'))
    return health;
  // It had done nothing for the longest time allowed when the monitor said so first.
  const stalledMs = maxStallMs + Math.max(0, now - called.at);
  return { ...health, state: 'stuck', reason: { kind: 'no-progress', stalledMs, maxStallMs } };
};

export const isClosed = (closure: Closure | null, now: number): closure is Closure =>
  closure !== null && closure.from <= now && now < closure.to;

const overlap = (from: number, to: number, closure: Closure): number =>
  Math.max(0, Math.min(to, closure.to) - Math.max(from, closure.from));
