import type { MonitorClock } from './ports/clock.ts';

/** So many bots are started in one go: each start holds up everything else for some milliseconds. */
const mostAtOnce = 8;
/** The next go comes once no other bot has been found down for so long, in ms: its alert goes first. */
const calmMs = 20;
/** It comes at the latest this long after the one before, in ms. */
const latestMs = 1000;

/** When each of many bots that are down at once is started. */
export type Turns = {
  /** True: it is the bot's turn now. False: `wake` is called when it comes, and whoever still wants it asks again. */
  readonly take: (bot: string, wake: () => void) => boolean;
};

/** Lets a few bots be started at a time, in the order in which they asked, so that no alert waits for the starts of others. */
export const createTurns = ({ now, after }: Pick<MonitorClock, 'now' | 'after'>): Turns => {
  const waiting = new Map<string, () => void>();
  let left = mostAtOnce;
  /** The go that comes next; `null`: nobody has asked since the last one. */
  let due: { readonly latest: number; readonly cancel: () => void } | null = null;
  const schedule = (latest: number) => {
    due?.cancel();
    due = { latest, cancel: after(Math.min(calmMs, Math.max(0, latest - now())), go) };
  };
  const go = () => {
    due = null;
    left = mostAtOnce;
    const woken = [...waiting].slice(0, mostAtOnce);
    for (const [bot] of woken) waiting.delete(bot);
    if (waiting.size > 0) schedule(now() + latestMs);
    for (const [, wake] of woken) wake();
  };
  return {
    take: (bot, wake) => {
      schedule(due?.latest ?? now() + latestMs);
      if (left === 0) {
        waiting.set(bot, wake);
        return false;
      }
      left -= 1;
      waiting.delete(bot);
      return true;
    },
  };
};
