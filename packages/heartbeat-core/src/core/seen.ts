import { defaultHealthPolicy } from './health.ts';
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
  /** What `beat` is dated, in ms since the epoch. */
  readonly stamp: number;
  /** By how much it was dated ahead (negative: behind) when it was seen to come, in ms: a clock that is set later moves nothing of that. */
  readonly aheadMs?: number | undefined;
  readonly seq?: number | undefined;
  /** `beat` has no line 3. */
  readonly bare?: true | undefined;
  /** `beat` says that the end is planned. */
  readonly stopped?: boolean | undefined;
  /** `beat` was found so much later than it came at most, in ms: that long before nobody had looked. */
  readonly lateMs?: number | undefined;
  /** `since` is when it came at the earliest, and it was found so much later, in ms. Default: it came at `since`. */
  readonly earlyMs?: number | undefined;
  /** When the file was looked at last, whatever was in it. */
  readonly lookedAt?: number | undefined;
  /** What the beats before were dated, the last ones. */
  readonly past?: readonly number[];
  /** A beat that is dated well before `beat`: it counts for nothing until another one follows it. */
  readonly doubted?: Doubted | undefined;
};

type Doubted = {
  readonly beat: string;
  readonly stamp: number;
  readonly since: number;
  /** So many beats in a row were seen before, and have come back in step with time. */
  readonly steps?: number | undefined;
};

/** `forMs`: for how long it has been seen not to run; `null`: it is being ended. */
export type StoppedBy = { readonly why: string; readonly forMs: number | null };

/** What a watching process can swear to about the beat in the file, and what others know of its bot. */
export type Evidence = {
  /** For how long the file has shown this very beat, in ms. */
  readonly unchangedMs: number;
  /** False while only the first beat was seen, which may have been old already. */
  readonly exact: boolean;
  /** For how long `progress` has been the same, in ms. */
  readonly stalledMs: number;
  /** By how much the writer's clock was ahead (negative: behind) when the beat came, in ms. Default: by the clock here as it is now. */
  readonly aheadMs?: number | undefined;
  /** The beat in the file is doubted: what counts is the one before it, and that is dated so (ms since the epoch). */
  readonly datedAt?: number | undefined;
  /** And that one says that the end is planned. */
  readonly stopped?: boolean | undefined;
  /** The process that wrote this beat is known to be gone. */
  readonly gone?: { readonly pid: number | null; readonly exitCode: number | null } | undefined;
  /** Why a person has halted it, who may know what the bot does not. */
  readonly halted?: string | undefined;
  /** A person has ordered that it does not run: in words, and for how long it does not, in ms. */
  readonly stoppedBy?: StoppedBy | undefined;
  /** For how long another watcher, which has watched for longer, has called it stuck, in ms. */
  readonly stuckForMs?: number | undefined;
};

const identity = (record: StatusRecord): string => JSON.stringify(record);

/** What is dated no farther away than this may be dated rightly, in ms. */
const toleranceMs = defaultHealthPolicy.futureToleranceMs;
/** Clocks are set back by less than this every day, and some writers date by whole seconds, in ms. */
const backMs = 2000;

// Written so that a stamp that is no number is never later.
const isBack = (stamp: number, before: number, byMs: number): boolean => !(stamp >= before - byMs);

/** The same run has counted on: that no file of before can say, whatever the clock was set to. */
const countedOn = (seen: Seen, { instance, seq }: StatusRecord): boolean =>
  instance !== undefined && instance === seen.instance && (seq ?? 0) > (seen.seq ?? Number.POSITIVE_INFINITY);

/**
 * It is dated ahead by the clock of the beat before, and the clock here does not agree: a copy from before the clock was set
 * back is dated so, and a bot whose own clock was set to another time, until its next beat. After a sleep of the machine a
 * beat is dated now. Whoever looks seldom has found the beat before as late as that.
 */
const isAhead = (seen: Seen, stamp: number, now: number, wallNow: number | null): boolean => {
  if (wallNow === null) return false;
  const foundLateMs = seen.lateMs ?? now - (seen.lookedAt ?? seen.since);
  const lateMs = Math.min(toleranceMs, Math.max(backMs, foundLateMs));
  const isNow = stamp <= wallNow + backMs && stamp >= wallNow - toleranceMs;
  return isBack(seen.stamp + (now - seen.since), stamp, lateMs) && !isNow;
};

/** The same run had counted farther: what is there now it wrote before. */
const countedBack = (seen: Seen, { instance, seq }: StatusRecord): boolean =>
  instance !== undefined && instance === seen.instance && seq !== undefined && seq < (seen.seq ?? 0);

/** What is left of a file that was cut short may look like a beat of two lines, its time cut too. */
const mayBeCut = (seen: Seen, { bare, updatedAt }: StatusRecord): boolean =>
  bare === true && (seen.bare !== true || updatedAt < seen.stamp);

/**
 * What is in the file now was not there at the last look. A bot that beats on has written it since: dated well before that
 * look, by the clock of the beat before, it was written at another time, and put there.
 */
const isLate = ({ lookedAt, since, earlyMs = 0, stamp: before }: Seen, stamp: number): boolean =>
  lookedAt !== undefined && isBack(stamp, before + (lookedAt - since - earlyMs), toleranceMs);

/** One clock was set back and goes on: the beat is dated after the doubted one, by the time that has passed since. */
const follows = (doubted: Doubted, stamp: number, now: number): boolean =>
  !isBack(stamp, doubted.stamp, backMs) &&
  Math.abs(stamp - doubted.stamp - (now - doubted.since)) <= toleranceMs;

/** So many beats of before are known again. */
const mostPast = 64;

/** A beat that was seen before, and has come back: no other one makes it new. */
const isSeenBefore = ({ stamp, past = [] }: Seen, record: StatusRecord): boolean =>
  record.updatedAt !== stamp && past.includes(record.updatedAt);

/** A bot whose clock was set back, and that dates by whole minutes say, dates its beats as before: so many in step are believed. */
const mostSteps = 3;
const stepMs = 5000;

/** By finer dates than whole seconds no two beats are dated alike, whatever a clock was set to. */
const stepsWith = (doubted: Doubted | undefined, stamp: number, now: number): number =>
  doubted !== undefined &&
  stamp % 1000 === 0 &&
  Math.abs(stamp - doubted.stamp - (now - doubted.since)) <= stepMs
    ? (doubted.steps ?? 0) + 1
    : 0;

/**
 * Takes in one more reading. A file rewritten with the same content is not a beat. One that is dated more than two
 * seconds before the last beat, or a minute before the last look at which it was not there, may be a file from a backup, or
 * come from a clock that was set back: it is a beat only once another one has followed it, or where the same run has counted
 * on. So is one of a run that had counted farther, one that is suddenly dated ahead, and what a file that was cut short still
 * says. The last beats come back as copies: only where some come back in step with time was the clock set back.
 *
 * @param monotonicNow ms of a clock that nobody can set, such as `performance.now()`.
 * @param wallNow the same moment in ms since the epoch. Default: a beat that is suddenly dated ahead is believed.
 * @example
 * let seen: Seen | undefined;
 * for await (const reading of watchHeartbeat(file, { signal })) seen = see(seen, reading, performance.now(), Date.now());
 */
export const see = (
  seen: Seen | undefined,
  reading: Reading,
  monotonicNow: number,
  wallNow: number | null = null,
): Seen | undefined => {
  const lookedAt = monotonicNow;
  if (reading.kind !== 'beat') return seen && { ...seen, lookedAt };
  const { record } = reading;
  const beat = identity(record);
  const { progress, instance, pid, seq, bare, stopped, updatedAt: stamp } = record;
  const fresh = { beat, since: monotonicNow, progress, instance, pid, seq, bare, stopped, stamp, lookedAt };
  if (seen === undefined) return { ...fresh, exact: false, progressSince: monotonicNow };
  const { doubted, ...rest } = seen;
  const known = { ...rest, lookedAt };
  if (seen.beat === beat) return known;
  // Time alone makes no beat of it.
  if (doubted?.beat === beat) return { ...known, doubted };
  const steps = isSeenBefore(seen, record) ? stepsWith(doubted, stamp, monotonicNow) : undefined;
  const isOld =
    steps !== undefined ||
    isBack(stamp, seen.stamp, backMs) ||
    isLate(seen, stamp) ||
    countedBack(seen, record) ||
    isAhead(seen, stamp, monotonicNow, wallNow);
  if ((isOld && !countedOn(seen, record)) || mayBeCut(seen, record)) {
    const goesOn =
      doubted !== undefined &&
      (steps === undefined ? follows(doubted, stamp, monotonicNow) : steps >= mostSteps);
    if (!goesOn) return { ...known, doubted: { beat, stamp, since: monotonicNow, steps } };
  }
  // A new run of the bot has all its time ahead of it, wherever its count begins. Not every writer names its runs.
  const moved = seen.progress !== progress || seen.instance !== instance || seen.pid !== pid;
  const aheadMs = wallNow === null ? undefined : stamp - wallNow;
  const lateMs = monotonicNow - (seen.lookedAt ?? seen.since);
  // What comes back in step with time is no copy: the clock was set back, and what it said before counts no more.
  const before = steps === undefined ? seen.past : [];
  const past = seen.stamp === stamp ? before : [...(before ?? []).slice(1 - mostPast), seen.stamp];
  return {
    ...fresh,
    ...(past === undefined ? {} : { past }),
    ...{ aheadMs, lateMs, exact: true, progressSince: moved ? monotonicNow : seen.progressSince },
  };
};

/** A clock is found off by whole seconds, rounded: a beat may seem to lie this far ahead by it, in ms. */
const roundedMs = 2000;

/**
 * A first look at a beat knows its age by its stamp alone. Where another process has seen by how much the writer's clock is
 * off, the beat counts from when it was written: it is older than it says by a clock ahead, and younger by one behind. That
 * the beat is then no younger than it seems is believed of any such process; that it is as young, only while the process
 * watches, and only where the beat would not come from the future by it.
 *
 * @param offMs by how much the writer's clock was found ahead, or behind (negative); `null`: it was not.
 * @param now and `wallNow`: one moment on two clocks, the first of them monotonic.
 * @param isWatched that process watches now. Default: only of a clock behind, which is said of no other.
 * @example
 * const seen = ofClockOff(see(undefined, reading, performance.now()), reading, 70_000, performance.now(), Date.now());
 */
export const ofClockOff = (
  seen: Seen | undefined,
  reading: Reading,
  offMs: number | null,
  now: number,
  wallNow: number,
  isWatched = offMs !== null && offMs < 0,
): Seen | undefined => {
  if (seen === undefined || seen.exact || offMs === null || reading.kind !== 'beat') return seen;
  const ageMs = wallNow - (seen.stamp - offMs);
  if (!isWatched) return { ...seen, since: Math.min(seen.since, now - ageMs) };
  return ageMs < -roundedMs
    ? seen
    : { ...seen, exact: true, aheadMs: offMs, since: Math.min(seen.since, now - Math.max(0, ageMs)) };
};

/**
 * What was seen, as of a moment of the same monotonic clock; `null` before the first beat.
 *
 * @example
 * const health = judge(reading, evidenceAt(seen, performance.now()), policy, null, Date.now());
 */
export const evidenceAt = (seen: Seen | undefined, monotonicNow: number): Evidence | null =>
  seen === undefined
    ? null
    : {
        unchangedMs: monotonicNow - seen.since,
        exact: seen.exact,
        stalledMs: monotonicNow - seen.progressSince,
        ...(seen.aheadMs === undefined ? {} : { aheadMs: seen.aheadMs }),
        ...(seen.doubted === undefined
          ? {}
          : { datedAt: seen.stamp, ...(seen.stopped === true && { stopped: true }) }),
      };
