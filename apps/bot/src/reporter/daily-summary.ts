import { dayOf } from '../core/market-hours.ts';
import type { Memory } from '../store/memory.ts';
import type { Report } from './events.ts';

type DailySummaryOptions = {
  readonly memory: Memory;
  readonly report: Report;
  /** Counts the positions that were closed since the last time. Rejects while the broker cannot be asked. */
  readonly collect: () => Promise<void>;
  /** Lets go of what is too old to matter. */
  readonly prune: (now: number) => void;
  readonly timeZone: string;
  readonly now: () => number;
};

const key = 'summary-day';
// A bot that has just started is signed in soon; a broker that cannot be asked for longer is not waited for.
const patienceMs = 60 * 60 * 1000;

/** Sums up a day once, as soon as the next one has begun, also when the bot was down at midnight. */
export const createDailySummary = (options: DailySummaryOptions) => {
  const { memory, report, collect, prune, timeZone, now } = options;
  let waitsSince: number | undefined;

  const collected = async (): Promise<boolean> => {
    waitsSince ??= now();
    const done = await collect().then(
      () => true,
      () => false,
    );
    return done || Math.abs(now() - waitsSince) >= patienceMs;
  };

  return async (): Promise<void> => {
    const today = dayOf(now(), timeZone);
    const day = memory.facts.get(key);
    if (day === today) return;
    if (typeof day === 'string' && !(await collected())) return;
    waitsSince = undefined;
    memory.facts.set(key, today);
    if (typeof day !== 'string') return;
    prune(now());
    await report({
      kind: 'daily-summary',
      day,
      trades: memory.orders.countOn(day),
      result: memory.results.of(day),
    });
  };
};
