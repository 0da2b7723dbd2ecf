import { errorMessage, InstanceHeldError } from '@sentinel/heartbeat-core';
import type { Notification } from '@sentinel/notify';
import { realActor } from './act.ts';
import { dryActor, dryShared } from './dry-run.ts';
import type { BotOptions } from './options.ts';
import type { Shared } from './shared.ts';
import { type BotWatch, watchBot } from './watch-bot.ts';

/** The bots of one monitor, which may change while it lives. */
export type Watches = {
  readonly all: () => readonly BotWatch[];
  readonly of: (bot: string) => BotWatch | undefined;
  /** A bot that another monitor watches is let go: two would restart it twice. */
  readonly keep: () => void;
  /** As `reconfigure` of the monitor. */
  readonly change: (bots: readonly BotOptions[]) => Promise<void>;
  readonly stop: (options: { readonly endBot: boolean }) => Promise<void>;
};

/** So many locks are looked at in one round, in turn. Whoever ends or starts a bot looks at its lock before. */
const mostKept = 500;

const sameOptions = (one: BotOptions, other: BotOptions) => JSON.stringify(one) === JSON.stringify(other);

const checkNames = (bots: readonly BotOptions[]) => {
  for (const key of ['name', 'file'] as const)
    if (new Set(bots.map((bot) => bot[key])).size < bots.length)
      throw new RangeError(`Expected every bot to have its own \`${key}\`: two of them share one`);
};

const noLongerWatched = (bot: string, why: string): Notification => ({
  kind: 'custom',
  bot,
  severity: 'critical',
  title: `${bot} is no longer watched`,
  text: `${why} Its incident is closed here, and nothing more is done about it: no alert, no restart. Check that it runs, and only once.`,
});

const byName = (watches: readonly BotWatch[]) => new Map(watches.map((watch) => [watch.options.name, watch]));

/** Begins watches, and lets them go. */
const beginnings = (shared: Shared) => {
  const { journal, clock, notifier, files } = shared;
  /** What a config that was refused had begun: its files are free again only when that has ended. */
  let ending: Promise<unknown> = Promise.resolve();

  /** The one choice between acting and saying what would have been done. */
  const watch = (bot: BotOptions): BotWatch =>
    bot.dryRun === true ? watchBot(bot, dryShared(bot, shared), dryActor) : watchBot(bot, shared, realActor);

  return {
    ended: () => ending,
    begin: (added: readonly BotOptions[]): BotWatch[] => {
      const begun: BotWatch[] = [];
      try {
        journal.reading(
          added.map(({ name }) => name),
          () => files.together(() => added.forEach((bot) => void begun.push(watch(bot)))),
        );
        return begun;
      } catch (error) {
        ending = Promise.all(begun.map((watch) => watch.stop({ endBot: false })));
        throw error;
      } finally {
        shared.worked();
      }
    },
    /** Whoever was told to wait for the next message gets one, and no incident stays open that nobody looks at. */
    letGo: async (watch: BotWatch, why: string): Promise<void> => {
      const { name: bot, dryRun } = watch.options;
      const { incidentSince } = watch.view();
      await watch.stop({ endBot: false });
      if (dryRun === true) return;
      journal.forget(bot, clock.wall());
      if (incidentSince !== null) notifier.notify(noLongerWatched(bot, why));
    },
  };
};

/** What another config asks for: files that are new to this monitor, files that it watches otherwise, and what ends. */
const planOf = (watches: ReadonlyMap<string, BotWatch>, next: readonly BotOptions[]) => {
  const all = [...watches.values()];
  const isKept = (bot: BotOptions) => {
    const watch = watches.get(bot.name);
    return watch !== undefined && sameOptions(watch.options, bot);
  };
  const kept = new Set(next.filter(isKept).map(({ name }) => name));
  const added = next.filter(({ name }) => !kept.has(name));
  const inPlace = added.filter(({ file }) => all.some(({ options }) => options.file === file));
  return {
    fresh: added.filter((bot) => !inPlace.includes(bot)),
    inPlace,
    gone: all.filter(({ options }) => !kept.has(options.name)),
  };
};

/** Keeps the locks of bots. `onLost`: another monitor has this one's. */
const lockKeeper = (log: Shared['log'], onLost: (watch: BotWatch, why: string) => void) => {
  /** Why the lock of a bot could not be taken anew: said once. */
  const unkept = new WeakMap<BotWatch, string>();
  return (watch: BotWatch): void => {
    try {
      watch.keep();
      unkept.delete(watch);
    } catch (error) {
      const { name, file } = watch.options;
      const why = errorMessage(error);
      if (error instanceof InstanceHeldError) {
        log.error(`${file} is not watched here any more: ${why}`, { bot: name });
        onLost(watch, why);
        // Nobody else is known to have it: the bot is watched on, and nothing of it is ended or started until this is over.
      } else if (unkept.get(watch) !== why) {
        unkept.set(watch, why);
        log.error(`The lock of ${file} cannot be taken anew: ${why}`, { bot: name });
      }
    }
  };
};

/** @throws InstanceHeldError, RangeError as `startMonitor`. */
export const watchBots = (bots: readonly BotOptions[], shared: Shared): Watches => {
  const { log } = shared;
  const { begin, letGo, ended } = beginnings(shared);
  let turn: Promise<void> = Promise.resolve();
  let kept = 0;

  checkNames(bots);
  let watches = byName(begin(bots));
  const keep = lockKeeper(log, (watch, why) => {
    if (watches.delete(watch.options.name)) void letGo(watch, `${why}.`);
  });

  const replace = async (next: readonly BotOptions[]) => {
    checkNames(next);
    await ended();
    const { fresh, inPlace, gone } = planOf(watches, next);
    // Files that are new to this monitor are tried first: one that another monitor holds changes nothing.
    const begun = begin(fresh);
    // What has another name only is watched on: all that is known of it is of its file.
    const goesOn = ({ options }: BotWatch) =>
      next.some(({ name, file }) => name === options.name || file === options.file);
    await Promise.all(
      gone.map((watch) =>
        goesOn(watch) ? watch.stop({ endBot: false }) : letGo(watch, 'It was taken out of the config.'),
      ),
    );
    begun.push(...begin(inPlace));
    const all = new Map([...watches, ...byName(begun)]);
    watches = byName(next.flatMap(({ name }) => all.get(name) ?? []));
  };

  return {
    all: () => [...watches.values()],
    of: (bot) => watches.get(bot),
    keep: () => {
      const all = [...watches.values()];
      const from = kept < all.length ? kept : 0;
      kept = from + mostKept;
      shared.files.together(() => all.slice(from, kept).forEach(keep));
    },
    change: (next) => {
      // Two at once would each stop and begin the same bots.
      const mine = turn.then(() => replace(next));
      // Whoever asked receives what was refused.
      turn = Promise.allSettled([mine]).then(() => undefined);
      return mine;
    },
    stop: async (options) => {
      await turn;
      await Promise.all([...watches.values()].map((watch) => watch.stop(options)));
    },
  };
};
