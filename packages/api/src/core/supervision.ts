import { type Market, marketOfClosure } from '@sentinel/heartbeat-core';
import { type Course, isMonitorAlive, type SupervisionRow } from '@sentinel/history';

/** What the monitor asks of the bot, as far as it says. */
export type Asked = {
  readonly maxAgeMs?: number | null;
  readonly maxStallMs?: number | null;
  readonly maxFeedAgeMs?: number | null;
  /** What is in its file, as the monitor reads it. */
  readonly format?: string | null;
  /** Of its hours one closure is known: the one that holds, or the last one. */
  readonly market: Market;
  /** By how much the monitor has found the bot's clock ahead, or behind (negative), in ms; behind only while it lives. */
  readonly offMs?: number | null;
  /** That monitor lives: it sees the beats come. */
  readonly isWatched?: boolean;
  /** By how much it was found behind by a monitor that lives no longer. */
  readonly wasBehindMs?: number | null;
};

/** What only a monitor can know: it has watched for longer, and sees processes. */
export type Called = { readonly state: 'stuck' | 'down'; readonly at: number };

const isCalled = (last: { readonly state: string; readonly at: number }): last is Called =>
  last.state === 'stuck' || last.state === 'down';

export type Supervised = {
  /** Where it stands, as the monitor calls it; `null`: it says nothing. */
  readonly phase: string | null;
  readonly restartsLeft: number | null;
  readonly pausedUntil: number | null;
  /** Why a person has halted the bot, and until when; `null`: nobody has. */
  readonly halt: { readonly why: string; readonly until: number | null } | null;
  /** In whose words a person had it stopped, and when it was seen not to run (`null`: it is being ended); `null`: nobody had. */
  readonly stop: { readonly why: string; readonly at: number | null } | null;
  /** When the monitor last said that it lives; `null`: never. */
  readonly seenAt: number | null;
  /** When it last gave a sign of life beside the journal, which it may not be able to write; `null`: none is known. */
  readonly signAt: number | null;
  /** That was its end, on purpose. */
  readonly ended: boolean;
  readonly asked: Asked;
  /** How far a restart would be safe, in the monitor's words; `null`: it says nothing. */
  readonly custody: string | null;
  /** What a monitor that lives has called the bot, and since when, where one look cannot see it; `null`: nothing of the kind. */
  readonly called: Called | null;
  /** What goes on with it; `null`: no monitor lives, or it does not say. */
  readonly course: Course | null;
};

export const unsupervised: Supervised = {
  phase: null,
  restartsLeft: null,
  pausedUntil: null,
  halt: null,
  stop: null,
  seenAt: null,
  signAt: null,
  ended: false,
  asked: { market: marketOfClosure(null) },
  custody: null,
  called: null,
  course: null,
};

/**
 * What is known of the supervision of a bot.
 *
 * @param row what its monitor has written; `null`: nothing.
 * @param last what the monitor last noted of the bot.
 */
export const supervisedBy = (
  row: SupervisionRow | null,
  last: { readonly state: string; readonly at: number } | undefined,
  now: number,
): Supervised => {
  if (row === null) return unsupervised;
  const { phase, restartsLeft, pausedUntil, halted, haltedUntil, seenAt, ended, custody, course } = row;
  const isAlive = isMonitorAlive(row, now);
  const isHalted = halted !== null && (haltedUntil === null || haltedUntil > now);
  const { stopped = null, stoppedAt = null } = course ?? {};
  return {
    ...{ phase, restartsLeft, pausedUntil, seenAt, ended, custody },
    halt: isHalted ? { why: halted, until: haltedUntil } : null,
    stop: stopped === null ? null : { why: stopped, at: stoppedAt },
    signAt: null,
    asked: askedOf(row, isAlive),
    called: last !== undefined && isCalled(last) && isAlive ? last : null,
    course: isAlive ? course : null,
  };
};

const askedOf = (row: SupervisionRow, isWatched: boolean): Asked => {
  const { maxAgeMs, maxStallMs, maxFeedAgeMs, format, closure, aheadMs, behindMs } = row;
  const behind = isWatched && behindMs !== null ? -behindMs : null;
  return {
    ...{ maxAgeMs, maxStallMs, maxFeedAgeMs, format, isWatched },
    market: marketOfClosure(closure),
    offMs: aheadMs ?? behind,
    wasBehindMs: isWatched ? null : behindMs,
  };
};
