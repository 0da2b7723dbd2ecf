import { readMarketHours } from '@sentinel/heartbeat-core';

/** `always`, or the week of CME Globex: Sunday 17:00 to Friday 16:00 Chicago time, closed 16:00 to 17:00 each day. */
export type Market = 'always' | 'cme';

const cme = readMarketHours({
  timeZone: 'America/Chicago',
  weeklyClosures: [{ from: 'Fri 16:00', to: 'Sun 17:00' }],
  dailyBreak: { from: '16:00', to: '17:00' },
});

/** Whether orders are taken at `now` (ms). Holidays are not known here: the broker rejects an order on one. */
export const isMarketOpen = (market: Market, now: number): boolean => market === 'always' || cme.isOpen(now);

/** The calendar day of `now` in a time zone, `2026-11-23`: what 'trades a day' and the daily summary count by. */
export const dayOf = (now: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    now,
  );
