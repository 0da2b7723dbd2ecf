import {
  evidenceAt,
  type Health,
  type HealthPolicy,
  isWriterGone,
  judge,
  ofClockOff,
  parseFormat,
  type Reading,
  readHeartbeatOnce,
  type Seen,
  type Sources,
  see,
  writerMark,
} from '@sentinel/heartbeat-core';
import { askedPolicy, withCalled } from '../core/evidence.ts';
import { followRun, type Run } from '../core/run.ts';
import type { Supervised } from '../core/supervision.ts';
import type { ApiClock, WatchedBot } from '../options.ts';

type BotLook = {
  readonly reading: Reading;
  readonly health: Health;
  readonly policy: HealthPolicy;
  readonly run: Run | undefined;
};

export type FollowedBot = {
  readonly bot: WatchedBot;
  /** The state of this instant: what was last read, judged now. */
  readonly look: () => BotLook;
  /** Rises whenever another reading came. */
  readonly version: () => number;
  /** Called with each new reading, and at each look of its own, of which there is one when time alone changes the health. */
  readonly onLook: (listener: (isNew: boolean) => void) => void;
  readonly stop: () => Promise<void>;
};

/** The file may lie on a disk whose changes are not announced, and its monitor may have noted something of the bot. */
const longestBetweenLooksMs = 1000;
/** A look is not repeated for requests that come closer together than this. */
const shortestBetweenLooksMs = 100;

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
      const { pid, boot, instance, startedAt } = reading.record;
      const next = JSON.stringify([pid, boot, instance, startedAt]);
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

/** Keeps the reading of one bot's file: read when it changes, when its health does, and once a second all the same. */
export const followBot = (
  bot: WatchedBot,
  clock: ApiClock,
  supervised: () => Pick<Supervised, 'asked' | 'called' | 'halt'>,
  sources: Sources,
): FollowedBot => {
  const listeners: ((isNew: boolean) => void)[] = [];
  const options = {
    timeZone: bot.timeZone,
    // A monitor that is started later may say another one.
    get format() {
      return bot.format ?? parseFormat(supervised().asked.format ?? 'sentinel') ?? undefined;
    },
  };
  let reading: Reading = readHeartbeatOnce(bot.file, options);
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
    const { asked, called, halt } = supervised();
    const [now, monotonicNow] = [clock.now(), clock.monotonic()];
    const policy = askedPolicy(bot.policy ?? {}, asked);
    const known = ofClockOff(seen, reading, asked.offMs ?? null, monotonicNow, now, asked.isWatched);
    const evidence = withCalled(evidenceAt(known, monotonicNow), called, { reading, moved }, now);
    const withHalt = evidence && {
      ...evidence,
      ...writer.gone(),
      halted: halt?.why,
    };
    return { policy, health: judge(reading, withHalt, policy, asked.market, now) };
  };

  const tell = (isNew: boolean) => {
    const { changesInMs } = judged().health;
    source.lookAt(lookedAt + Math.min(longestBetweenLooksMs, changesInMs ?? longestBetweenLooksMs));
    for (const listener of listeners) listener(isNew);
  };

  /** Whether it is another reading than before. */
  const take = (fresh: Reading): boolean => {
    lookedAt = clock.monotonic();
    const freshText = JSON.stringify(fresh);
    if (freshText === text) return false;
    // A gap between two beats that outlasted max-age is a break, even when nobody asked in between.
    run = followRun(run, reading, judged().health, lookedAt);
    reading = fresh;
    text = freshText;
    const before = seen;
    seen = see(before, fresh, lookedAt, clock.now());
    // A copy of before says nothing of the bot, and its writer has ended.
    if (fresh.kind !== 'beat' || seen?.doubted === undefined || !isWriterGone(fresh.record))
      writer.see(fresh);
    moved ||=
      before !== undefined && (before.progress !== seen?.progress || before.instance !== seen?.instance);
    run = followRun(run, reading, judged().health, lookedAt);
    version += 1;
    tell(true);
    return true;
  };

  const look = (): BotLook => {
    const since = clock.monotonic() - lookedAt;
    if (since >= shortestBetweenLooksMs) {
      const fresh = readHeartbeatOnce(bot.file, options);
      // What is caught between truncate and write is looked at once more; an answer does not wait for it,
      // unless there has been no look for so long that the last one says nothing.
      if (fresh.kind !== 'corrupt' || since > 2 * longestBetweenLooksMs) take(fresh);
      else source.look();
    }
    const { health, policy } = judged();
    run = followRun(run, reading, health, clock.monotonic());
    return { reading, health, policy, run };
  };

  const source = sources.file(bot.file, options).open((fresh) => {
    if (!take(fresh)) tell(false);
  });
  return {
    bot,
    look,
    version: () => version,
    onLook: (listener) => listeners.push(listener),
    stop: source.close,
  };
};
