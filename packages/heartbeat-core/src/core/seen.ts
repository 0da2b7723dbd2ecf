import type { Reading } from './reading.ts';
import type { StatusRecord } from './status-record.ts';

/**
 * What a watching process remembers of the beats it saw, on its own monotonic clock (ms).
 * Nobody can move that clock, so this outranks every timestamp.
 */
export type Seen = {
  readonly beat: string;
  readonly since: number;
  /** True once a change was watched: before that, `since` is only when watching began. */
  readonly exact: boolean;
  readonly progress: number | string | undefined;
  readonly instance?: string | undefined;
  readonly pid?: number | undefined;
  readonly progressSince: number;
};

/** What a watching process can swear to about the beat in the file. */
export type Evidence = {
  /** For how long the file has shown this very beat, in ms. */
  readonly unchangedMs: number;
  /** False while only the first beat was seen, which may have been old already. */
  readonly exact: boolean;
  /** For how long `progress` has been the same, in ms. */
  readonly stalledMs: number;
  /** The process that wrote this beat is known to be gone. */
  readonly gone?: { readonly pid: number | null; readonly exitCode: number | null } | undefined;
};

const identity = (record: StatusRecord): string => JSON.stringify(record);

/**
 * Takes in one more reading. A file rewritten with the same content is not a beat.
 *
 * @param monotonicNow ms of a clock that nobody can set, such as `performance.now()`.
 * @example
 * let seen: Seen | undefined;
 * for await (const reading of watchHeartbeat(file, { signal })) seen = see(seen, reading, performance.now());
 */
export const see = (seen: Seen | undefined, reading: Reading, monotonicNow: number): Seen | undefined => {
  if (reading.kind !== 'beat') return seen;
  const beat = identity(reading.record);
  const { progress, instance, pid } = reading.record;
  if (seen === undefined)
    return { beat, since: monotonicNow, exact: false, progress, instance, pid, progressSince: monotonicNow };
  const changed = seen.beat !== beat;
  // A new run of the bot has all its time ahead of it, wherever its count begins. Not every writer names its runs.
  const moved = seen.progress !== progress || seen.instance !== instance || seen.pid !== pid;
  return {
    beat,
    since: changed ? monotonicNow : seen.since,
    exact: seen.exact || changed,
    progress,
    instance,
    pid,
    progressSince: moved ? monotonicNow : seen.progressSince,
  };
};

/**
 * A first look at a beat knows its age by its stamp alone. Where another process has found the writer's clock ahead, the
 * beat is older than it says: with this it counts from when it was written.
 *
 * @param aheadMs by how much the writer's clock was found ahead; `null`: it was not.
 * @param now and `wallNow`: one moment on two clocks, the first of them monotonic.
 * @example
 * const seen = ofClockAhead(see(undefined, reading, performance.now()), reading, 70_000, performance.now(), Date.now());
 */
export const ofClockAhead = (
  seen: Seen | undefined,
  reading: Reading,
  aheadMs: number | null,
  now: number,
  wallNow: number,
): Seen | undefined => {
  if (seen === undefined || seen.exact || aheadMs === null || reading.kind !== 'beat') return seen;
  const ageMs = wallNow - (reading.record.updatedAt - aheadMs);
  return { ...seen, since: Math.min(seen.since, now - ageMs) };
};

/**
 * What was seen, as of a moment of the same monotonic clock; `undefined` before the first beat.
 *
 * @example
 * const health = evaluateHealth(reading, policy, Date.now(), evidenceAt(seen, performance.now()));
 */
export const evidenceAt = (seen: Seen | undefined, monotonicNow: number): Evidence | undefined =>
  seen && {
    unchangedMs: monotonicNow - seen.since,
    exact: seen.exact,
    stalledMs: monotonicNow - seen.progressSince,
  };
