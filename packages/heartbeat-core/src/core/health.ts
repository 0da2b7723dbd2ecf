import type { Problem } from './problem.ts';
import type { HealthState } from './states.ts';

/** What counts as healthy. All times in ms. */
export type HealthPolicy = {
  /** A beat this old is stale; a younger one is fresh. */
  readonly maxAgeMs: number;
  /** How long `progress` may stay the same, in ms; `null`: not checked. */
  readonly maxStallMs: number | null;
  /** How old the last data of a feed may be, in ms; `null` or left out: not checked. */
  readonly maxFeedAgeMs?: number | null;
  /** How far ahead of this clock a beat may be dated, in ms. */
  readonly futureToleranceMs: number;
};

/**
 * Stale at five minutes, `progress` not checked, a beat may be dated one minute ahead.
 *
 * @example
 * const strict: HealthPolicy = { ...defaultHealthPolicy, maxAgeMs: 60_000 };
 */
export const defaultHealthPolicy: HealthPolicy = {
  maxAgeMs: 5 * 60_000,
  maxStallMs: null,
  futureToleranceMs: 60_000,
};

/** The reason of a health state. Only facts: {@link explainHealth} makes the words. */
export type HealthReason =
  | { readonly kind: 'fresh' }
  | { readonly kind: 'reports-error'; readonly status: string }
  | { readonly kind: 'no-progress'; readonly stalledMs: number; readonly maxStallMs: number }
  | { readonly kind: 'too-old'; readonly ageMs: number; readonly maxAgeMs: number }
  | { readonly kind: 'planned-stop' }
  /** By a person, and it has not beaten since. */
  | { readonly kind: 'stopped-by-person'; readonly why: string }
  | { readonly kind: 'halted'; readonly why: string }
  | { readonly kind: 'needs-person'; readonly what: string }
  | {
      readonly kind: 'mute-feed';
      readonly feed: string;
      readonly ageMs: number;
      readonly maxFeedAgeMs: number;
    }
  | { readonly kind: 'missed'; readonly what: string; readonly overdueMs: number }
  | { readonly kind: 'process-gone'; readonly pid: number | null; readonly exitCode: number | null }
  | { readonly kind: 'dated-in-future'; readonly aheadMs: number }
  | { readonly kind: 'no-beat'; readonly problem: Problem };

/** The bot's clock and ours differ by `skewMs` (positive: the bot's clock is ahead). */
type ClockSkew = { readonly kind: 'clock-skew'; readonly skewMs: number };

/** A verdict with its reason and its next change. Ages count only while the market is open. */
export type Health = {
  readonly state: HealthState;
  readonly reason: HealthReason;
  /** Age of the beat in ms, as far as it is known; `null` without a beat. */
  readonly ageMs: number | null;
  /** The same in real time, without regard to market hours. */
  readonly realAgeMs: number | null;
  /** In how many ms this beat turns stale; negative when it is overdue, `null` without a beat. */
  readonly staleInMs: number | null;
  /** The market is closed: no beat is required. */
  readonly closed: boolean;
  /** In how many ms the state or `closed` changes if nothing happens; `null`: no change is known. */
  readonly changesInMs: number | null;
  readonly warnings: readonly ClockSkew[];
};
