import { healthStates, isBad, isHealthState } from '@sentinel/heartbeat-core';
import { dayMs, dayParts, type Span } from '../core/day-parts.ts';
import type { Tables } from './tables.ts';

export type StateSpan = Span & { readonly state: string };
export type Uptime = { readonly upMs: number; readonly downMs: number; readonly unknownMs: number };
/** `day` is a day of UTC, counted from 1970. */
export type DayUptime = Uptime & { readonly day: number };

const isUp = (state: string) => isHealthState(state) && healthStates[state].up;
/** Stopped on purpose is neither up nor an outage: it counts as time about which nothing is said. */
const isDown = (state: string) => isHealthState(state) && isBad(state);

/** How long a bot may go unwatched between two looks before that time counts as not watched, in ms. */
export const longestGapMs = 150_000;

/**
 * Adds the time since the last look, in the state that held then; time that nobody watched is left out.
 *
 * @param watchedUntil at the first look of a monitor: when the one before last said that it lived (`null`: not known). In between
 *   nobody watched, however short that was.
 */
export const touchSpan = (
  tables: Tables,
  bot: string,
  at: number,
  state: string,
  watchedUntil: number | null = at,
): void => {
  const last = tables.get('SELECT * FROM spans WHERE bot = ? ORDER BY from_at DESC, id DESC LIMIT 1', bot);
  const from = Number(last?.to_at ?? at);
  // The clock was set back: what it shows again has been counted already.
  if (at < from) return;
  const to = Math.max(from, Math.min(at, watchedUntil ?? from));
  const isWatched = last !== undefined && to - from <= longestGapMs;
  if (isWatched) {
    tables.run('UPDATE spans SET to_at = ? WHERE id = ?', to, Number(last.id));
    const add =
      'INSERT INTO days (bot, day, state, ms) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET ms = ms + excluded.ms';
    for (const part of dayParts({ from, to }))
      tables.run(add, bot, part.day, String(last.state), part.to - part.from);
  }
  if (!isWatched || to < at || last.state !== state)
    tables.run('INSERT INTO spans (bot, state, from_at, to_at) VALUES (?, ?, ?, ?)', bot, state, at, at);
};

// Spans follow one another, so those that touch a time begin in it, but for the one that was running already.
export const touching = `bot = ? AND to_at > ? AND from_at < ? AND from_at >= COALESCE(
  (SELECT MAX(from_at) FROM spans WHERE bot = ? AND from_at <= ?), ?)`;
export const touchedBy = (bot: string, { from, to }: Span) => [bot, from, to, bot, from, from];

/**
 * The time since the last look at a bot, in the state that it has found: a monitor that said later that it lives would have
 * told of another one. Empty where it has said nothing since.
 */
export const sinceLastLook = (tables: Tables, bot: string, seenAt: number | null): readonly StateSpan[] => {
  const last = tables.get(
    'SELECT state, to_at FROM spans WHERE bot = ? ORDER BY from_at DESC, id DESC LIMIT 1',
    bot,
  );
  const from = Number(last?.to_at);
  return last !== undefined && seenAt !== null && seenAt > from && seenAt - from <= longestGapMs
    ? [{ state: String(last.state), from, to: seenAt }]
    : [];
};

/** What of the spans is within another one; what is not at all is left out. */
export const cutTo = ({ from, to }: Span, spans: readonly StateSpan[]): readonly StateSpan[] =>
  spans
    .map((each) => ({ ...each, from: Math.max(from, each.from), to: Math.min(to, each.to) }))
    .filter((each) => each.from < each.to);

/**
 * The watched parts of a span, in rising order.
 *
 * @param seenAt when the monitor of the bot last said that it lives; `null`: never.
 */
export const spansWithin = (
  tables: Tables,
  bot: string,
  span: Span,
  seenAt: number | null,
): readonly StateSpan[] => {
  const looked = lookedWithin(tables, bot, span);
  const [since] = cutTo(span, sinceLastLook(tables, bot, seenAt));
  const last = looked.at(-1);
  if (since === undefined) return looked;
  return last?.to === since.from && last.state === since.state
    ? [...looked.slice(0, -1), { ...last, to: since.to }]
    : [...looked, since];
};

/** Ten thousand rows are taken as they come: the columns are of these types, and of no others. */
const lookedWithin = (tables: Tables, bot: string, { from, to }: Span): readonly StateSpan[] =>
  tables.all(
    `SELECT state, MAX(from_at, ?) AS "from", MIN(to_at, ?) AS "to" FROM spans WHERE ${touching}
       ORDER BY from_at, to_at`,
    ...[from, to, ...touchedBy(bot, { from, to })],
  ) as unknown as readonly StateSpan[];

/**
 * How each day of a span was spent; the first and the last may be parts of one. Whole days come from their sums, so a
 * long past costs nothing.
 *
 * @param seenAt when the monitor of the bot last said that it lives; `null`: never.
 */
export const uptimeByDay = (
  tables: Tables,
  bot: string,
  span: Span,
  seenAt: number | null,
): readonly DayUptime[] => {
  const since = sinceLastLook(tables, bot, seenAt);
  const parts = dayParts(span);
  const [first, last] = [parts[0]?.day ?? 0, parts.at(-1)?.day ?? 0];
  const sums = Map.groupBy(
    tables.all('SELECT day, state, ms FROM days WHERE bot = ? AND day BETWEEN ? AND ?', bot, first, last),
    ({ day }) => Number(day),
  );
  const pieces = `SELECT state, SUM(MIN(to_at, ?) - MAX(from_at, ?)) AS ms FROM spans WHERE ${touching} GROUP BY state`;
  return parts.map(({ day, from, to }) => {
    const looked =
      to - from === dayMs
        ? (sums.get(day) ?? [])
        : tables.all(pieces, to, from, ...touchedBy(bot, { from, to }));
    const lately = cutTo({ from, to }, since).map((each) => ({ state: each.state, ms: each.to - each.from }));
    const rows = [...looked, ...lately];
    const spentIn = (counts: (state: string) => boolean) =>
      rows.reduce((ms, row) => (counts(String(row.state)) ? ms + Number(row.ms) : ms), 0);
    const [upMs, downMs] = [spentIn(isUp), spentIn(isDown)];
    return { day, upMs, downMs, unknownMs: Math.max(0, to - from - upMs - downMs) };
  });
};
