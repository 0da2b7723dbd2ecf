import { type FileFormat, parseFormat, readHeartbeatOnce, type Sources } from '@sentinel/heartbeat-core';
import type { Supervised } from '../core/supervision.ts';
import type { ApiClock, WatchedBot } from '../options.ts';
import { type BotLook, createTrack } from './track.ts';

export type FollowedBot = {
  readonly bot: WatchedBot;
  /** What is in its file, as is said here or by its monitor. */
  readonly format: () => FileFormat | undefined;
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

/** Keeps the reading of one bot's file: read when it changes, when its health does, and once a second all the same. */
export const followBot = (
  bot: WatchedBot,
  clock: ApiClock,
  supervised: () => Supervised,
  sources: Sources,
): FollowedBot => {
  const listeners: ((isNew: boolean) => void)[] = [];
  const format = () => bot.format ?? parseFormat(supervised().asked.format ?? 'sentinel') ?? undefined;
  const options = {
    timeZone: bot.timeZone,
    // A monitor that is started later may say another one.
    get format() {
      return format();
    },
  };
  const track = createTrack(bot, clock, supervised, readHeartbeatOnce(bot.file, options));

  const tell = (isNew: boolean) => {
    const { changesInMs } = track.judged().health;
    source.lookAt(track.lookedAt() + Math.min(longestBetweenLooksMs, changesInMs ?? longestBetweenLooksMs));
    for (const listener of listeners) listener(isNew);
  };

  const look = (): BotLook => {
    const since = clock.monotonic() - track.lookedAt();
    if (since >= shortestBetweenLooksMs) {
      const fresh = readHeartbeatOnce(bot.file, options);
      // What is caught between truncate and write is looked at once more; an answer does not wait for it,
      // unless there has been no look for so long that the last one says nothing.
      if (fresh.kind === 'corrupt' && since <= 2 * longestBetweenLooksMs) source.look();
      else if (track.take(fresh)) tell(true);
    }
    return track.look();
  };

  const source = sources.file(bot.file, options).open((fresh) => tell(track.take(fresh)));
  return {
    bot,
    format,
    look,
    version: track.version,
    onLook: (listener) => listeners.push(listener),
    stop: () => source.close(),
  };
};
