import type { HealthPolicy, HealthReason } from './health.ts';
import type { StatusRecord } from './status-record.ts';

type Reason<Kind extends HealthReason['kind']> = Extract<HealthReason, { readonly kind: Kind }>;

/** What a bot that beats lacks, by its own word. */
export type Lacks = {
  /** Feeds that have brought nothing for too long, as of the beat: a beat that is late itself is another matter. */
  readonly mute: readonly Reason<'mute-feed'>[];
  /** What should have happened by now. */
  readonly missed: Reason<'missed'> | null;
  /** In how many ms something will be missed; `null`: nothing is expected. */
  readonly dueInMs: number | null;
};

/**
 * What the beat says that is missing: all of it, since one lack must not hide the others.
 *
 * @param now wall-clock time in ms since the epoch.
 * @example
 * if (reading.kind === 'beat') console.log(lacksOf(reading.record, { maxFeedAgeMs: 60_000 }, Date.now()).mute);
 */
export const lacksOf = (
  { updatedAt, feeds = {}, expect }: Pick<StatusRecord, 'updatedAt' | 'feeds' | 'expect'>,
  { maxFeedAgeMs = null }: Pick<HealthPolicy, 'maxFeedAgeMs'>,
  now: number,
): Lacks => {
  const mute = Object.entries(feeds).flatMap(([feed, at]): Reason<'mute-feed'>[] => {
    const ageMs = updatedAt - at;
    return maxFeedAgeMs === null || ageMs <= maxFeedAgeMs
      ? []
      : [{ kind: 'mute-feed', feed, ageMs, maxFeedAgeMs }];
  });
  if (expect === undefined) return { mute, missed: null, dueInMs: null };
  const overdueMs = now - expect.by;
  return overdueMs >= 0
    ? { mute, missed: { kind: 'missed', what: expect.what, overdueMs }, dueInMs: null }
    : { mute, missed: null, dueInMs: -overdueMs };
};
