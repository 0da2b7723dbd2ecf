import type { MonitorRun } from '../product/monitor-run.ts';
import { onlookersOf } from '../product/onlookers.ts';
import { policy } from '../world/bot-options.ts';
import type { Slot, World } from '../world/world.ts';
import type { Upheavals } from './upheavals.ts';
import type { Violate } from './violation.ts';

/** What a beat may be dated ahead, and what a look takes, in ms. */
const [aheadMs, slackMs] = [60_000, 1000];
const beating: readonly string[] = ['healthy', 'degraded', 'halted'];

/** 1: a bot that has not beaten within its maximum age is never called well. */
export const neverHealthy = ({ bots, time, intervalMs }: World, upheavals: Upheavals, violate: Violate) => {
  let asked = '';
  return (run: MonitorRun): void => {
    const now = time.mono();
    const silent = bots.flatMap((slot, index) => {
      const { bot, setup } = slot;
      // Its age counts only while its market is open.
      if (setup.closes === true) return [];
      const last = bot.lastBeatAt() ?? Number.NEGATIVE_INFINITY;
      if (now - last <= policy.maxAgeMs + slackMs) return [];
      // A monitor that begins after the last beat has nothing but its date, and clocks were set since.
      const isFrozen = upheavals.since(last, 'monitor-frozen') && bot.clockAheadMs() > 0;
      const isDated =
        isFrozen || (run.startedAt >= last && upheavals.since(last - 600_000, 'clock-set', 'bot-clock'));
      // Where no change is told of, a look finds it.
      const unseenMs = upheavals.since(last, 'events-lost') ? intervalMs : 0;
      // A file that was put back may be as old as that.
      const isCopied = upheavals.ofBotSince(index, last, 'file-restored');
      const copiedFrom = slot.file.copiedFrom() ?? last;
      // Its date is right by clocks that were set, and the monitor that had seen it is gone: nothing tells it from a beat.
      const isUnknown =
        isCopied &&
        upheavals.since(Math.min(copiedFrom, last - 600_000), 'clock-set', 'bot-clock') &&
        run.startedAt >= copiedFrom;
      if (isUnknown && now - upheavals.latestOfBot(index, 'file-restored') <= policy.maxAgeMs + slackMs)
        return [];
      const most =
        policy.maxAgeMs +
        slackMs +
        unseenMs +
        (isDated ? policy.maxAgeMs + aheadMs : isCopied ? aheadMs + unseenMs : 0);
      return now - Math.max(last, isDated ? run.startedAt : last) > most ? [{ index, last, slot }] : [];
    });
    const names = silent.map(({ index }) => index).join();
    const isSame = names === asked;
    asked = names;
    // What was not called well is so only after another look.
    if (silent.length === 0 || (!run.takeLooked() && isSame)) return;
    const views = run.monitor.views();
    for (const { index, last, slot } of silent) {
      const view = views[index];
      if (view !== undefined && beating.includes(view.state))
        violate(
          1,
          `${slot.setup.name} is called ${view.state} (${view.reason}), and beat last ${Math.round((now - last) / 1000)} s ago`,
        );
    }
  };
};

/** An API tells an age in whole seconds, in ms. */
const wholeMs = 1000;
/** Onlookers are asked this often of a bot that is silent, in ms. */
const askedMs = 15_000;

/**
 * The same for those who look beside the monitor. One look knows nothing but dates, and what a monitor has written: of clocks
 * that were set it cannot know.
 */
export const neverHealthyFor = (world: World, upheavals: Upheavals, violate: Violate) => {
  const { bots, time } = world;
  const onlookers = onlookersOf(world);
  let askedAt = Number.NEGATIVE_INFINITY;
  const lastOf = ({ bot, setup }: Slot): number | null => {
    const last = bot.lastBeatAt();
    const isDated =
      bot.clockAheadMs() !== 0 ||
      upheavals.since((last ?? 0) - 600_000, 'clock-set', 'bot-clock', 'machine-sleeps');
    return last === null || setup.closes === true || isDated ? null : last;
  };
  return async (): Promise<void> => {
    const now = time.mono();
    if (now - askedAt < askedMs) return;
    for (const [index, slot] of bots.entries()) {
      const last = lastOf(slot);
      // A file that was put back may be as old as that.
      const copied = upheavals.ofBotSince(index, last ?? 0, 'file-restored') ? aheadMs : 0;
      const mostMs = policy.maxAgeMs + slackMs + wholeMs + copied;
      if (last === null || now - last <= mostMs) continue;
      askedAt = now;
      const isUnseen = upheavals.ofBotSince(index, last, 'events-lost');
      for (const { name, unseenMs, look } of onlookers) {
        if (isUnseen && now - last <= mostMs + unseenMs) continue;
        const state = await look(slot);
        if (beating.includes(state))
          violate(
            1,
            `${name} calls ${slot.setup.name} ${state}, and it beat last ${Math.round((now - last) / 1000)} s ago`,
          );
      }
    }
  };
};
