import {
  evidenceAt,
  type Health,
  type HealthPolicy,
  isWriterGone,
  judge,
  ofClockOff,
  type Reading,
  type Seen,
  see,
  writerMark,
} from '@sentinel/heartbeat-core';
import { askedPolicy, withCalled } from '../core/evidence.ts';
import { followRun, type Run, runOf } from '../core/run.ts';
import type { Supervised } from '../core/supervision.ts';
import type { ApiClock, WatchedBot } from '../options.ts';

export type BotLook = {
  readonly reading: Reading;
  readonly health: Health;
  readonly policy: HealthPolicy;
  /** By which it was judged. */
  readonly supervision: Supervised;
  readonly run: Run | undefined;
};

/** The process behind the beats of one bot, as far as it can be told from here: no monitor has to say so. */
const writerOf = () => {
  let run: string | null = null;
  let mark: string | null = null;
  let ended = false;
  let last: (Reading & { kind: 'beat' })['record'] | null = null;
  return {
    /** Takes in a reading: what has its number later is another process. */
    see: (reading: Reading) => {
      ended = false;
      last = reading.kind === 'beat' ? reading.record : null;
      if (reading.kind !== 'beat') return;
      const next = runOf(reading.record);
      if (next === run && mark !== null) return;
      run = next;
      mark = writerMark(reading.record);
    },
    /** It has ended, and stays so until another beat comes. */
    gone: () => {
      if (last === null) return {};
      ended ||= isWriterGone(last, mark);
      return ended ? { gone: { pid: last.pid ?? null, exitCode: null } } : {};
    },
  };
};

/** What the readings of one bot's file have shown so far, judged at any instant. */
export const createTrack = (
  bot: WatchedBot,
  clock: ApiClock,
  supervised: () => Supervised,
  first: Reading,
) => {
  let reading = first;
  let seen: Seen | undefined = see(undefined, reading, clock.monotonic());
  const writer = writerOf();
  writer.see(reading);
  let run: Run | undefined;
  /** Progress was seen to move: from then on a stall is told from what was seen here. */
  let moved = false;
  let version = 0;
  let text = JSON.stringify(reading);
  let lookedAt = clock.monotonic();

  const judged = () => {
    const supervision = supervised();
    const { asked, called, halt, stop } = supervision;
    const [now, monotonicNow] = [clock.now(), clock.monotonic()];
    const policy = askedPolicy(bot.policy ?? {}, asked);
    const offset = ofClockOff(seen, reading, asked.offMs ?? null, monotonicNow, now, asked.isWatched);
    const evidence = withCalled(evidenceAt(offset, monotonicNow), called, { reading, moved }, now);
    const forMs = stop === null || stop.at === null ? null : Math.max(0, now - stop.at);
    const stoppedBy = stop === null ? undefined : { why: stop.why, forMs };
    // Of a file that is not there nothing was seen.
    const unseen = stoppedBy && { unchangedMs: 0, exact: false, stalledMs: 0, stoppedBy };
    const known =
      evidence === null ? (unseen ?? null) : { ...evidence, ...writer.gone(), halted: halt?.why, stoppedBy };
    return { policy, supervision, health: judge(reading, known, policy, asked.market, now) };
  };

  return {
    judged,
    version: () => version,
    lookedAt: () => lookedAt,
    /** Whether it is another reading than before. */
    take: (fresh: Reading): boolean => {
      const lookedBefore = lookedAt;
      lookedAt = clock.monotonic();
      const freshText = JSON.stringify(fresh);
      if (freshText === text) return false;
      // A gap between two beats that outlasted max-age is a break, even when nobody asked in between.
      run = followRun(run, reading, judged().health, lookedAt);
      reading = fresh;
      text = freshText;
      // It was not there at the look before, which may have found nothing new: what is dated well before that is a copy.
      const before = seen && { ...seen, lookedAt: lookedBefore };
      seen = see(before, fresh, lookedAt, clock.now());
      // A copy of before says nothing of the bot, and its writer has ended.
      if (fresh.kind !== 'beat' || seen?.doubted === undefined || !isWriterGone(fresh.record))
        writer.see(fresh);
      moved ||=
        before !== undefined && (before.progress !== seen?.progress || before.instance !== seen?.instance);
      run = followRun(run, reading, judged().health, lookedAt);
      version += 1;
      return true;
    },
    look: (): BotLook => {
      const now = judged();
      run = followRun(run, reading, now.health, clock.monotonic());
      return { ...now, reading, run };
    },
  };
};
