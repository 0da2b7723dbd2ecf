import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import {
  evidenceAt,
  explainWatchFailure,
  type Health,
  type HealthPolicy,
  isSystemError,
  judge,
  ofClockAhead,
  type Reading,
  readHeartbeat,
  readHeartbeatOnce,
  type Seen,
  see,
} from '@sentinel/heartbeat-core';
import { policyOf, withCalled } from '../core/evidence.ts';
import { follow, type Run } from '../core/run.ts';
import type { Supervision } from '../core/supervision.ts';
import type { ApiClock, WatchedBot } from '../options.ts';
import { every } from './every.ts';

export type Look = {
  readonly reading: Reading;
  readonly health: Health;
  readonly policy: HealthPolicy;
  readonly run: Run | undefined;
};

export type BotWatch = {
  readonly bot: WatchedBot;
  /** The state of this instant: what was last read, judged now. */
  readonly look: () => Look;
  /** Rises whenever another reading came. */
  readonly version: () => number;
  readonly onChange: (listener: () => void) => void;
  readonly stop: () => void;
};

/** No answer is ever older than this: the file may lie on a disk whose changes are not announced. */
const longestBetweenLooksMs = 1000;
/** A look is not repeated for requests that come closer together than this. */
const shortestBetweenLooksMs = 100;

/** Keeps the reading of one bot's file: read when it changes, and once a second all the same. */
export const watchBot = (
  bot: WatchedBot,
  clock: ApiClock,
  supervised: () => Pick<Supervision, 'asked' | 'called'>,
  warn: (line: string) => void,
): BotWatch => {
  const listeners: (() => void)[] = [];
  const options = bot.timeZone === undefined ? {} : { timeZone: bot.timeZone };
  let reading: Reading = readHeartbeatOnce(bot.file, options);
  let seen: Seen | undefined = see(undefined, reading, clock.monotonic());
  let run: Run | undefined;
  /** Progress was seen to move: from then on a stall is told from what was seen here. */
  let moved = false;
  let version = 0;
  let text = JSON.stringify(reading);
  let lookedAt = clock.monotonic();
  let looking = false;
  let again = false;

  const judged = () => {
    const { asked, called } = supervised();
    const [now, monotonicNow] = [clock.now(), clock.monotonic()];
    const policy = policyOf(bot.policy ?? {}, asked);
    const known = ofClockAhead(seen, reading, asked.aheadMs ?? null, monotonicNow, now);
    const evidence = withCalled(evidenceAt(known, monotonicNow), called, { reading, moved }, now);
    return { policy, health: judge(reading, evidence, policy, asked.market, now) };
  };

  const take = (fresh: Reading) => {
    lookedAt = clock.monotonic();
    const freshText = JSON.stringify(fresh);
    if (freshText === text) return;
    // A gap between two beats that outlasted max-age is a break, even when nobody asked in between.
    run = follow(run, reading, judged().health, lookedAt);
    reading = fresh;
    text = freshText;
    const before = seen;
    seen = see(before, fresh, lookedAt);
    moved ||=
      before !== undefined && (before.progress !== seen?.progress || before.instance !== seen?.instance);
    run = follow(run, reading, judged().health, lookedAt);
    version += 1;
    for (const listener of listeners) listener();
  };

  /** With the second look that a torn file needs. */
  const lookAgain = async () => {
    again = true;
    if (looking) return;
    looking = true;
    while (again) {
      again = false;
      take(await readHeartbeat(bot.file, options));
    }
    looking = false;
  };

  const look = (): Look => {
    const since = clock.monotonic() - lookedAt;
    if (since >= shortestBetweenLooksMs) {
      const fresh = readHeartbeatOnce(bot.file, options);
      // What is caught between truncate and write is looked at once more; an answer does not wait for it,
      // unless there has been no look for so long that the last one says nothing.
      if (fresh.kind !== 'corrupt' || since > 2 * longestBetweenLooksMs) take(fresh);
      else void lookAgain();
    }
    const { health, policy } = judged();
    run = follow(run, reading, health, clock.monotonic());
    return { reading, health, policy, run };
  };

  const watcher = watchFolder(bot.file, lookAgain, warn);
  const timer = every(longestBetweenLooksMs, async () => {
    watcher.ensure();
    await lookAgain();
  });
  return {
    bot,
    look,
    version: () => version,
    onChange: (listener) => listeners.push(listener),
    stop: () => {
      timer.stop();
      watcher.close();
    },
  };
};

/** Tells of changes of one file through its folder, which outlives every rename; begins when the folder exists. */
const watchFolder = (file: string, onEvent: () => void, warn: (line: string) => void) => {
  let watcher: FSWatcher | undefined;
  const drop = () => {
    watcher?.close();
    watcher = undefined;
  };
  const ensure = () => {
    if (watcher !== undefined) return;
    try {
      watcher = watch(dirname(file), { persistent: false }, (event, name) => {
        if (name === null || name === basename(file)) onEvent();
        // The folder itself was moved or removed: the next second looks for a new one.
        if (event === 'rename' && name === basename(dirname(file))) drop();
      });
      watcher.on('error', drop);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      // No folder yet, or no watches left: the look of every second goes on.
      const line = explainWatchFailure(error.code, dirname(file));
      if (line !== null) warn(line);
    }
  };
  ensure();
  return { ensure, close: drop };
};
