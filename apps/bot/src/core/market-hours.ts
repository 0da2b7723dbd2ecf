/** `always`, or the week of CME Globex: Sunday 17:00 to Friday 16:00 Chicago time, closed 16:00 to 17:00 each day. */
export type Market = 'always' | 'cme';

const chicago = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Chicago',
  weekday: 'short',
  hour: '2-digit',
  hourCycle: 'h23',
});

const closeHour = 16;
const openHour = 17;

/** Whether orders are taken at `now` (ms). Holidays are not known here: the broker rejects an order on one. */
export const isMarketOpen = (market: Market, now: number): boolean => {
  if (market === 'always') return true;
  const parts = Object.fromEntries(chicago.formatToParts(now).map(({ type, value }) => [type, value]));
  const hour = Number(parts.hour);
  switch (parts.weekday) {
    case 'Sat':
      return false;
    case 'Sun':
      return hour >= openHour;
    case 'Fri':
      return hour < closeHour;
    default:
      return hour < closeHour || hour >= openHour;
  }
};

/** The calendar day of `now` in a time zone, `2026-11-23`: what 'trades a day' and the daily summary count by. */
export const dayOf = (now: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    now,
  );
