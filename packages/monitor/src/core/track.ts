import {
  defaultHealthPolicy,
  ofClockOff,
  type Reading,
  type Seen,
  type StatusRecord,
  see,
  writtenAt,
} from '@sentinel/heartbeat-core';
import { offsetOf } from './clock-skew.ts';
import { beatKey, runOf } from './observe.ts';
import { goOn, type KnownStall } from './stall.ts';
import type { LastBeat } from './supervisor-state.ts';

/** One moment on two clocks, in ms: the wall's, and one that nobody can set. */
export type Instant = { readonly now: number; readonly wall: number };

export type Track = {
  readonly reading: Reading;
  readonly seen: Seen | undefined;
  /** When a look found the last beat first: it came then at the latest, whatever its date says. `null`: none was found. */
  readonly foundAt: number | null;
  /** The clock of that beat was compared with the one here. */
  readonly compared: boolean;
  /** A file that gives no beat, and whether somebody writes it. */
  readonly unread: Unread;
  /** By how much the bot's clock is ahead, or behind (negative), in ms; `null`: it is right, as far as is known. */
  readonly offMs: number | null;
  /** By how much the wall clock is ahead of the clock that nobody can set. */
  readonly drift: number;
};

/** What a file that gives no beat is told by, when that was seen to change last, and whether it had given none before either. */
export type Unread = { readonly stamp: string | null; readonly at: number | null; readonly goesOn: boolean };

/** Wall clock and monotonic clock that go apart by more than this between two looks: a jump, in ms. */
const jumpMs = 10_000;
/** A deadline that is met later than this shows that this process did not run, in ms. */
const lateMs = 2000;

export const firstTrack = (file: string, offMs: number | null, { now, wall }: Instant): Track => ({
  reading: { kind: 'missing', problem: { code: 'missing', file } },
  seen: undefined,
  foundAt: null,
  compared: false,
  unread: { stamp: null, at: null, goesOn: false },
  offMs,
  drift: wall - now,
});

/** A file that gives no beat, and is another one than at the look before: whoever writes it lives. */
const stillWritten = ({ unread, seen }: Track, reading: Reading, now: number): Unread => {
  if (reading.kind === 'beat') return { stamp: null, at: null, goesOn: false };
  const { stamp = unread.stamp } = reading;
  // What was there at the first look of all may have been there for long.
  if (stamp === unread.stamp || (unread.stamp === null && seen === undefined)) return { ...unread, stamp };
  return { stamp, at: now, goesOn: unread.stamp !== null };
};

/**
 * The track with one more reading.
 *
 * @param frozenMs for how long this process did not run before now: a beat that came meanwhile came when its date says.
 * @param earlier what the monitor before has seen: a standstill, and the last beat. `watches`: it still does. `stopped`:
 * with that beat the bot was stopped on purpose.
 */
export const follow = (
  before: Track,
  reading: Reading,
  earlier: {
    readonly stall: KnownStall | null;
    readonly beat: LastBeat | null;
    readonly watches?: boolean;
    readonly stopped?: boolean;
  },
  { now, wall }: Instant,
  frozenMs = 0,
): { readonly track: Track; readonly isNewBeat: boolean; readonly jumped: boolean } => {
  const first = see(before.seen, reading, now, wall);
  const known =
    before.seen === undefined
      ? arrived(goOn(first, reading, earlier.stall, now, wall), reading, earlier.beat)
      : first;
  const drift = wall - now;
  const jumped = Math.abs(drift - before.drift) > jumpMs;
  const dated = inStandstill(before.seen, known, frozenMs, { now, wall: jumped ? null : wall });
  const byClock = ofClockOff(dated, reading, before.offMs, now, wall, earlier.watches);
  const seen = earlier.watches === true ? besideMonitor(byClock, reading, earlier, { now, wall }) : byClock;
  const isOther = before.seen?.beat !== seen?.beat;
  // Whether it counts or not: a bot may have written it a moment ago.
  const isFound =
    isOther || (seen?.doubted !== undefined && before.seen?.doubted?.beat !== seen.doubted.beat);
  const isNewBeat = before.seen !== undefined && isOther;
  // Where the clock here was set, or where the beat came before this process began, its date says nothing of the bot's clock.
  const compared = isOther ? isNewBeat && !jumped : before.compared;
  const offMs =
    isNewBeat && !jumped
      ? offsetOf(reading, seen, before.offMs, { now, wall, lookedAt: before.seen?.lookedAt ?? now })
      : before.offMs;
  const aheadMs = offMs ?? 0;
  return {
    track: {
      reading,
      seen: seen && { ...seen, aheadMs },
      foundAt: isFound ? now : before.foundAt,
      compared,
      unread: stillWritten(before, reading, now),
      offMs,
      drift,
    },
    isNewBeat,
    jumped,
  };
};

/** A beat that the monitor before has seen come is as old as that, whatever its date says. */
const arrived = (seen: Seen | undefined, reading: Reading, beat: LastBeat | null): Seen | undefined =>
  seen === undefined ||
  reading.kind !== 'beat' ||
  beat?.watched !== true ||
  beat.key !== beatKey(reading.record)
    ? seen
    : { ...seen, exact: true, since: Math.min(seen.since, beat.at) };

/** Clocks are set back by less than this every day, and some writers date by whole seconds, in ms. */
const backMs = 2000;

/** Dated before the beat that was seen last, and not counted on from it: a copy of an earlier one, as a monitor takes it too. */
const isCopy = (record: StatusRecord, { key }: LastBeat): boolean => {
  const [stamp, seq = '', ...run] = key.split(' ').toReversed();
  const goesOn =
    seq !== '' && run.toReversed().join(' ') === runOf(record) && (record.seq ?? 0) > Number(seq);
  return !goesOn && record.updatedAt < Number(stamp) - backMs;
};

/**
 * One look beside a monitor that lives knows what that has seen. Of the beat that it saw last it knows when it came, or that
 * it counts for nothing yet. A copy of an earlier one says nothing. Any other beat is newer, so the bot was well when the one before came.
 */
const besideMonitor = (
  seen: Seen | undefined,
  reading: Reading,
  { beat, stopped = false }: { readonly beat: LastBeat | null; readonly stopped?: boolean },
  { now, wall }: Instant,
): Seen | undefined => {
  if (seen === undefined || reading.kind !== 'beat' || beat === null) return seen;
  const { record } = reading;
  if (isCopy(record, beat)) {
    const { beat: copy, stamp, since } = seen;
    const of = { since: now - Math.max(0, wall - beat.at), stamp: Number(beat.key.split(' ').at(-1)) };
    return { ...seen, ...of, exact: true, stopped, doubted: { beat: copy, stamp, since, steps: undefined } };
  }
  const isAhead = record.updatedAt > wall + defaultHealthPolicy.futureToleranceMs;
  if (isAhead && !seen.exact) return seen;
  const ageMs = now - (seen.exact ? seen.since : Math.min(seen.since, now - (wall - writtenAt(reading))));
  const seenMs = Math.max(0, wall - beat.at);
  const knownMs = beat.key === beatKey(record) ? seenMs : Math.min(ageMs, seenMs);
  return { ...seen, exact: true, since: now - knownMs };
};

/**
 * Nobody watched while this process stood still: a beat that is found behind it may be as old as that.
 *
 * @param at `wall`: `null` where the clock was set meanwhile, and the date of a beat says nothing.
 */
const inStandstill = (
  before: Seen | undefined,
  seen: Seen | undefined,
  frozenMs: number,
  { now, wall }: { readonly now: number; readonly wall: number | null },
): Seen | undefined => {
  if (before === undefined || seen === undefined || seen.since < now || frozenMs <= 0) return seen;
  const mostMs = frozenMs + lateMs;
  const ageMs = wall === null ? mostMs : Math.min(Math.max(0, wall - seen.stamp), mostMs);
  return { ...seen, since: now - ageMs, ...(wall === null ? { earlyMs: ageMs } : {}) };
};

/** Why bot and monitor may both have stood still: that is given time once, until the bot beats again. */
export type Standstill = { readonly kind: 'clock' } | { readonly kind: 'frozen'; readonly ms: number };

/**
 * What says that bot and monitor may both have stood still; `null`: nothing does. A deadline that is found late says as
 * much of the bot as of this process: both did not run.
 *
 * @param lateByMs by how much more than usual something was late since this process did not run; 0 and less: it ran.
 */
export const standstillOf = (jumped: boolean, lateByMs: number): Standstill | null => {
  if (jumped) return { kind: 'clock' };
  return lateByMs > 0 ? { kind: 'frozen', ms: lateByMs + lateMs } : null;
};

/** @param isGiven the bot is given time for it; `null`: there is nothing to say. */
export const explainStandstill = (standstill: Standstill, isGiven: boolean): string | null => {
  if (standstill.kind === 'clock')
    return 'Clock and time went apart: this machine slept, or its clock was set';
  const seconds = Math.round(standstill.ms / 1000);
  return isGiven ? `This process did not run for about ${seconds} s: the bot is given time` : null;
};
