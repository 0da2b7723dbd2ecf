import { indicators } from './indicators.ts';
import type { Problem } from './problem.ts';
import type { Reading } from './reading.ts';
import type { Evidence } from './seen.ts';
import { writtenAt } from './written-at.ts';

/** Only `healthy` means that all is well; `stopped` is planned and no incident; `down`: its process is known to be gone. */
export type HealthState = 'healthy' | 'degraded' | 'stuck' | 'stale' | 'down' | 'stopped' | 'unknown';

/** What counts as healthy. All times in ms. */
export type HealthPolicy = {
  /** A beat this old is stale; a younger one is fresh. */
  readonly maxAgeMs: number;
  /** How long `progress` may stay the same, in ms; `null`: it is not looked at. */
  readonly maxStallMs: number | null;
  /** How far ahead of this clock a beat may be dated, in ms. */
  readonly futureToleranceMs: number;
};

/**
 * Stale at five minutes, `progress` not looked at, a beat may be dated one minute ahead.
 *
 * @example
 * const strict: HealthPolicy = { ...defaultHealthPolicy, maxAgeMs: 60_000 };
 */
export const defaultHealthPolicy: HealthPolicy = {
  maxAgeMs: 5 * 60_000,
  maxStallMs: null,
  futureToleranceMs: 60_000,
};

/** Why a health state was given. Facts only: the words are in {@link explainHealth}. */
export type HealthReason =
  | { readonly kind: 'fresh' }
  | { readonly kind: 'reports-error'; readonly status: string }
  | { readonly kind: 'no-progress'; readonly stalledMs: number; readonly maxStallMs: number }
  | { readonly kind: 'too-old'; readonly ageMs: number; readonly maxAgeMs: number }
  | { readonly kind: 'planned-stop' }
  | { readonly kind: 'process-gone'; readonly pid: number | null; readonly exitCode: number | null }
  | { readonly kind: 'dated-in-future'; readonly aheadMs: number }
  | { readonly kind: 'no-beat'; readonly problem: Problem };

/** The beat's own clock and ours disagree by `skewMs` (positive: its clock is ahead). */
export type ClockSkew = { readonly kind: 'clock-skew'; readonly skewMs: number };

/** A verdict with its reason. */
export type Health = {
  readonly state: HealthState;
  readonly reason: HealthReason;
  /** Age of the beat in ms, as far as is known; `null` without a beat. */
  readonly ageMs: number | null;
  /** In how many ms this beat turns stale; negative when it is overdue, `null` without a beat. */
  readonly staleInMs: number | null;
  readonly warnings: readonly ClockSkew[];
};

/**
 * Judges a reading; the rows of the table in docs/status-file.md, from the top. Who has not seen the beat change takes its
 * age from its date, or from the time of its file (`mtimeMs`) where that is earlier.
 *
 * @param now wall-clock time in ms since the epoch, in the reader's hands: nothing here reads a clock.
 * @param evidence what a watching process saw on its monotonic clock (see {@link evidenceAt}); outranks the wall clock.
 * @example
 * const health = evaluateHealth(await readHeartbeat('logs/heartbeat_status.txt'), defaultHealthPolicy, Date.now());
 * if (health.state !== 'healthy') warn(explainHealth(health));
 */
export const evaluateHealth = (
  reading: Reading,
  policy: HealthPolicy,
  now: number,
  evidence?: Evidence,
): Health => {
  if (reading.kind !== 'beat')
    return {
      state: 'unknown',
      reason: { kind: 'no-beat', problem: reading.problem },
      ageMs: null,
      staleInMs: null,
      warnings: [],
    };
  const { record } = reading;
  // Comparisons are written so that NaN, wherever it came from, never ends at 'healthy'.
  const wallAgeMs = now - (evidence?.datedAt ?? record.updatedAt);
  const ageMs = beatAge(now - (evidence?.datedAt ?? writtenAt(reading)), evidence);
  const trusted = evidence?.exact === true;
  const skewed = trusted && Math.abs(wallAgeMs - ageMs) > policy.futureToleranceMs;
  const verdict = (state: HealthState, reason: HealthReason): Health => ({
    state,
    reason,
    ageMs,
    staleInMs: policy.maxAgeMs - ageMs,
    warnings: skewed ? [{ kind: 'clock-skew', skewMs: ageMs - wallAgeMs }] : [],
  });

  if (record.stopped) return verdict('stopped', { kind: 'planned-stop' });
  if (evidence?.gone !== undefined) return verdict('down', { kind: 'process-gone', ...evidence.gone });
  if (!trusted && !(-wallAgeMs <= policy.futureToleranceMs))
    return verdict('unknown', { kind: 'dated-in-future', aheadMs: -wallAgeMs });
  if (!(ageMs < policy.maxAgeMs))
    return verdict('stale', { kind: 'too-old', ageMs, maxAgeMs: policy.maxAgeMs });
  const stalledMs = record.progress === undefined ? null : (evidence?.stalledMs ?? null);
  if (policy.maxStallMs !== null && stalledMs !== null && !(stalledMs <= policy.maxStallMs))
    return verdict('stuck', { kind: 'no-progress', stalledMs, maxStallMs: policy.maxStallMs });
  if (record.indicator === indicators.error.emoji)
    return verdict('degraded', { kind: 'reports-error', status: record.status });
  return verdict('healthy', { kind: 'fresh' });
};

const beatAge = (writtenMs: number, evidence: Evidence | undefined): number => {
  if (evidence === undefined) return Math.max(0, writtenMs);
  return evidence.exact ? evidence.unchangedMs : Math.max(0, writtenMs, evidence.unchangedMs);
};
