import type { Health, HealthPolicy, HealthReason } from './health.ts';
import { indicators } from './indicators.ts';
import { lacksOf } from './lacks.ts';
import { alwaysOpen, type Market } from './market/market.ts';
import type { Reading } from './reading.ts';
import type { Evidence } from './seen.ts';
import type { HealthState } from './states.ts';
import { writtenAt } from './written-at.ts';

/**
 * Judges a reading: the rows of the table in docs/status-file.md, from the top. Monitor, check, API and page go by this and
 * by nothing else. Who has not seen the beat change takes its age from its date, or from the time of its file (`mtimeMs`)
 * where that is earlier. An age counts only while the market is open.
 *
 * @param evidence what a watching process saw on its monotonic clock (see {@link evidenceAt}), and what is known of the
 *   bot's process; outranks the wall clock. `null`: nothing was seen before.
 * @param market when a beat is asked for; `null`: always.
 * @param now wall-clock time in ms since the epoch, in the reader's hands: nothing here reads a clock.
 * @example
 * const reading = await readHeartbeat('logs/heartbeat_status.txt');
 * const health = judge(reading, null, defaultHealthPolicy, null, Date.now());
 * if (health.state !== 'healthy') warn(explainHealth(health));
 */
export const judge = (
  reading: Reading,
  evidence: Evidence | null,
  policy: HealthPolicy,
  market: Market | null,
  now: number,
): Health => {
  const hours = market ?? alwaysOpen;
  const closed = !hours.isOpen(now);
  const turnsInMs = hours.changesInMs(now);
  if (reading.kind !== 'beat')
    return {
      ...withoutBeat(reading, evidence),
      ageMs: null,
      realAgeMs: null,
      staleInMs: null,
      closed,
      changesInMs: turnsInMs,
      warnings: [],
    };
  const ages = agesOf(reading, evidence, policy, hours, now);
  const { ageMs, wallAgeMs } = ages;
  // What lies ahead in open time lies farther ahead in real time.
  const inReal = (ms: number) => (ms > 0 ? hours.untilOpenFor(now, ms) : ms);
  const stopped = stoppedOf(reading, evidence, now);
  const { state, reason, changesInMs }: Verdict =
    stopped === undefined
      ? verdictOf(reading, ages, policy, inReal, now)
      : { state: 'stopped', reason: { kind: 'stopped-by-person', why: stopped }, changesInMs: null };
  const skewMs = evidence?.aheadMs ?? ageMs - wallAgeMs;
  const { updatedAt, secondAt = updatedAt } = reading.record;
  // A date without offset in an hour that comes twice is read as the first of the two: in the second no clock is wrong.
  const isOff = (ms: number) => Math.abs(ms) > policy.futureToleranceMs;
  const skewed = ages.exact && isOff(skewMs) && isOff(skewMs + secondAt - updatedAt);
  return {
    state,
    reason,
    ageMs,
    realAgeMs: beatAge(writtenAgo(reading, evidence, now), evidence),
    staleInMs: inReal(policy.maxAgeMs - ageMs),
    closed,
    changesInMs: sooner(changesInMs, turnsInMs),
    warnings: skewed ? [{ kind: 'clock-skew', skewMs }] : [],
  };
};

type NoBeat = Exclude<Reading, { kind: 'beat' }>;

/** Where a person had the bot stopped, no file is as it should be. One that cannot be read may be of a bot that runs. */
const withoutBeat = (
  { kind, problem }: NoBeat,
  evidence: Pick<Evidence, 'stoppedBy'> | null,
): Pick<Verdict, 'state' | 'reason'> =>
  kind === 'missing' && typeof evidence?.stoppedBy?.forMs === 'number'
    ? { state: 'stopped', reason: { kind: 'stopped-by-person', why: evidence.stoppedBy.why } }
    : { state: 'unknown', reason: { kind: 'no-beat', problem } };

/** The last beat of a bot may be seen this long after its end, in ms. */
const lastBeatMs = 2000;

/** In whose words it is stopped; `undefined`: nobody had it stopped, or it runs. That its process is gone is what was ordered. */
const stoppedOf = (reading: Beat, evidence: Evidence | null, now: number): string | undefined => {
  const { why, forMs = null } = evidence?.stoppedBy ?? {};
  if (evidence?.gone !== undefined) return why;
  const ageMs = beatAge(writtenAgo(reading, evidence, now), evidence);
  return forMs !== null && ageMs >= forMs - lastBeatMs ? why : undefined;
};

/** A beat this old is stale. Written so that an age that is no number is stale too. */
export const isTooOld = (ageMs: number, maxAgeMs: number): boolean => !(ageMs < maxAgeMs);

type Beat = Reading & { kind: 'beat' };

/** How old things are in time that counts, in ms. */
type Ages = {
  readonly ageMs: number;
  /** By the beat's own date; negative: it is dated ahead. */
  readonly wallAgeMs: number;
  /** For how long no work was done; `null`: nothing is known of it. */
  readonly stalledMs: number | null;
  /** Another watcher has found it stuck, which one look cannot see. */
  readonly calledStuck: boolean;
  readonly exact: boolean;
  /** The beat that counts says that the end is planned. */
  readonly stopped: boolean;
  readonly gone: Evidence['gone'];
  /** Why a person has halted it. */
  readonly halted: Evidence['halted'];
};

const agesOf = (
  reading: Beat,
  evidence: Evidence | null,
  { maxStallMs }: HealthPolicy,
  hours: Market,
  now: number,
): Ages => {
  // To a beat from the future no hours apply: it is dated wrongly in any case.
  const open = (ms: number) => (ms > 0 ? hours.openMs(now - ms, now) : ms);
  const inMarket = evidence && { ...evidence, unchangedMs: open(evidence.unchangedMs) };
  // It had done nothing for the longest time allowed when it was called stuck first.
  const { stuckForMs } = evidence ?? {};
  const seenMs = evidence === null || reading.record.progress === undefined ? null : open(evidence.stalledMs);
  return {
    ageMs: beatAge(open(writtenAgo(reading, evidence, now)), inMarket),
    wallAgeMs: open(now - (evidence?.datedAt ?? reading.record.updatedAt)),
    stalledMs:
      stuckForMs === undefined ? seenMs : Math.max(seenMs ?? 0, (maxStallMs ?? 0) + open(stuckForMs)),
    calledStuck: stuckForMs !== undefined,
    exact: evidence?.exact === true,
    // A copy of the last words of before ends nothing, and one of an earlier beat takes back no end: what is doubted counts once
    // another beat has followed it.
    stopped: evidence?.datedAt === undefined ? reading.record.stopped : evidence.stopped === true,
    gone: evidence?.gone,
    halted: evidence?.halted,
  };
};

type Verdict = {
  readonly state: HealthState;
  readonly reason: HealthReason;
  /** In how many ms the state becomes another one; `null`: it stays. */
  readonly changesInMs: number | null;
};

/** The table of states, from the top. Comparisons are written so that NaN, wherever it came from, never ends at 'healthy'. */
const verdictOf = (
  { record }: Beat,
  ages: Ages,
  policy: HealthPolicy,
  inReal: (ms: number) => number,
  now: number,
): Verdict => {
  const { ageMs, wallAgeMs, stalledMs, gone } = ages;
  const { maxAgeMs, maxStallMs, futureToleranceMs } = policy;
  const verdict = (state: HealthState, reason: HealthReason, changesInMs: number | null = null) => ({
    state,
    reason,
    changesInMs,
  });
  if (ages.stopped) return verdict('stopped', { kind: 'planned-stop' });
  if (gone !== undefined) return verdict('down', { kind: 'process-gone', ...gone });
  const aheadMs = -wallAgeMs;
  if (!ages.exact && !(aheadMs <= futureToleranceMs))
    return verdict('unknown', { kind: 'dated-in-future', aheadMs }, positive(aheadMs - futureToleranceMs));
  if (isTooOld(ageMs, maxAgeMs)) return verdict('stale', { kind: 'too-old', ageMs, maxAgeMs });
  const staleInMs = inReal(maxAgeMs - ageMs);
  const halted = ages.halted ?? record.halted;
  if (halted !== undefined) return verdict('halted', { kind: 'halted', why: halted }, staleInMs);
  if (maxStallMs !== null && stalledMs !== null && (ages.calledStuck || !(stalledMs <= maxStallMs)))
    return verdict('stuck', { kind: 'no-progress', stalledMs, maxStallMs }, staleInMs);
  const stuckInMs = maxStallMs === null || stalledMs === null ? null : inReal(maxStallMs - stalledMs + 1);
  const next = sooner(staleInMs, stuckInMs);
  if (record.needsPerson !== undefined)
    return verdict('degraded', { kind: 'needs-person', what: record.needsPerson }, next);
  if (record.indicator === indicators.error.emoji)
    return verdict('degraded', { kind: 'reports-error', status: record.status }, next);
  const { mute, missed, dueInMs } = lacksOf(record, policy, now);
  const reason: HealthReason = mute[0] ?? missed ?? { kind: 'fresh' };
  return verdict(reason.kind === 'fresh' ? 'healthy' : 'degraded', reason, sooner(next, dueInMs));
};

const positive = (ms: number): number | null => (ms > 0 ? ms : null);

const sooner = (one: number | null, other: number | null): number | null => {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
};

const writtenAgo = (reading: Beat, evidence: Evidence | null, now: number): number =>
  now - (evidence?.datedAt ?? writtenAt(reading));

const beatAge = (writtenMs: number, evidence: Evidence | null): number => {
  if (evidence === null) return Math.max(0, writtenMs);
  return evidence.exact ? evidence.unchangedMs : Math.max(0, writtenMs, evidence.unchangedMs);
};
