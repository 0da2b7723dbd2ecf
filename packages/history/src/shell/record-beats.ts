import type { Span } from '../core/day-parts.ts';
import { type BeatRow, type ListQuery, listBeats } from './record-lists.ts';
import { type Parting, worstWithin } from './record-parts.ts';
import {
  listStalls,
  type OpenStall,
  openStall,
  type StallRow,
  type Standing,
  standStill,
} from './record-stalls.ts';
import { stateOn, supervisionOn } from './record-supervision.ts';
import { type DayUptime, type StateSpan, spansWithin, touchSpan, uptimeByDay } from './record-uptime.ts';
import type { Tables } from './tables.ts';

/** What was seen of the bots: beats, the states one after the other, and work that stood still. */
export const beatsOn = (tables: Tables) => {
  const { supervision } = supervisionOn(stateOn(tables));
  const seenAt = (bot: string) => supervision(bot)?.seenAt ?? null;
  const { run } = tables;
  return {
    /** Kept only where state, status, session or instance differ from the last one of the bot. */
    addBeat: (beat: Omit<BeatRow, 'id'>): void => {
      const [last] = listBeats(tables, { bot: beat.bot, limit: 1 });
      const same = (key: 'state' | 'status' | 'sessionActive' | 'instance') => last?.[key] === beat[key];
      if (same('state') && same('status') && same('sessionActive') && same('instance')) return;
      run(
        'INSERT INTO beats (bot, at, state, status, session_active, instance, age_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
        beat.bot,
        Math.round(beat.at),
        beat.state,
        beat.status,
        beat.sessionActive ? 1 : 0,
        beat.instance,
        beat.ageMs === null ? null : Math.round(beat.ageMs),
      );
    },
    beats: (query: ListQuery): readonly BeatRow[] => listBeats(tables, query),
    /** The bot is watched at this instant, and in this state; `watchedUntil` as in {@link touchSpan}. */
    touch: (bot: string, at: number, as: string, watchedUntil?: number | null): void =>
      touchSpan(tables, bot, Math.round(at), as, watchedUntil),
    spans: (bot: string, span: Span): readonly StateSpan[] => spansWithin(tables, bot, span, seenAt(bot)),
    /** The same, or where they are many the worst of each part. */
    worst: (bot: string, span: Span, parting: Parting): readonly StateSpan[] =>
      worstWithin(tables, bot, span, seenAt(bot), parting),
    /** The bot's work as it stands at this instant: a stall goes on, begins or is over. */
    standStill: (standing: Standing): void => standStill(tables, standing),
    openStall: (bot: string): OpenStall | null => openStall(tables, bot),
    stalls: (bot: string): readonly StallRow[] => listStalls(tables, bot),
    /** How each day of UTC in it was spent. */
    uptimeByDay: (bot: string, span: Span): readonly DayUptime[] =>
      uptimeByDay(tables, bot, span, seenAt(bot)),
    /** Forgets beats, spans, stalls and orders that were finished before this instant; the sums of days and incidents stay. */
    prune: (before: number): void => {
      run('DELETE FROM beats WHERE at < ?', before);
      run('DELETE FROM spans WHERE from_at < ?', before);
      run('DELETE FROM stalls WHERE to_at < ?', before);
      run('DELETE FROM orders WHERE finished_at < ?', before);
    },
  };
};
