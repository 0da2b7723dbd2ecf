import { dayOf } from '../core/market-hours.ts';
import type { Memory } from '../store/memory.ts';
import type { Report } from './events.ts';

export type DailySummaryOptions = {
  readonly memory: Memory;
  readonly report: Report;
  readonly timeZone: string;
  readonly now: () => number;
};

const key = 'summary-day';
const keepSignalsMs = 90 * 24 * 60 * 60 * 1000;

/** Sums up a day once, as soon as the next one has begun, also when the bot was down at midnight. */
export const createDailySummary =
  ({ memory, report, timeZone, now }: DailySummaryOptions) =>
  async (): Promise<void> => {
    const today = dayOf(now(), timeZone);
    const day = memory.facts.get(key);
    if (day === today) return;
    memory.facts.set(key, today);
    if (typeof day !== 'string') return;
    memory.signals.forget(now() - keepSignalsMs);
    memory.firstSeen.forget(now() - keepSignalsMs);
    await report({
      kind: 'daily-summary',
      day,
      trades: memory.orders.countOn(day),
      result: memory.results.of(day),
    });
  };
