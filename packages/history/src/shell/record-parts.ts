import { compareStates, type HealthState, isHealthState } from '@sentinel/heartbeat-core';
import { dayOf, type Span } from '../core/day-parts.ts';
import { cutTo, type StateSpan, sinceLastLook, spansWithin, touchedBy, touching } from './record-uptime.ts';
import type { Tables } from './tables.ts';

/** So many spans are told one by one; where there are more, in parts of `partMs`, which divides a day. */
export type Parting = { readonly most: number; readonly partMs: number };

/** The worst state of each part, by where it begins; `null`: nobody watched. */
type Parts = ReadonlyMap<number, string | null>;

/** Of so many bots and windows it is known what they had. */
const mostKnown = 256;
/** What was is read once: a part that is over does not change. Another file has other tables. */
const known = new WeakMap<Tables, Map<string, Parts>>();

const asHealth = (state: string): HealthState => (isHealthState(state) ? state : 'unknown');

const worstFirst = (states: Iterable<string>): readonly string[] =>
  [...new Set(states)].sort((one, other) => compareStates(asHealth(one), asHealth(other)));

/** Finds the worst state that was looked at in a part. Days say which states they had, so that few spans are read. */
const finder = (tables: Tables, bot: string, span: Span): ((part: Span) => string | null) => {
  const rows = tables.all(
    'SELECT day, state FROM days WHERE bot = ? AND day BETWEEN ? AND ?',
    ...[bot, dayOf(span.from), dayOf(span.to)],
  );
  const days = Map.groupBy(rows, ({ day }) => Number(day));
  const some = `SELECT 1 AS one FROM spans WHERE ${touching} AND state = ? LIMIT 1`;
  return (part) => {
    const states = worstFirst((days.get(dayOf(part.from)) ?? []).map(({ state }) => String(state)));
    return (
      states.find((state) => tables.get(some, ...touchedBy(bot, part), state)?.one !== undefined) ?? null
    );
  };
};

/** The parts that touch a span, as far as spans are kept: older ones were forgotten, their days were not. */
const partsWithin = (tables: Tables, bot: string, span: Span, partMs: number): Parts => {
  const ends = tables.get(
    `SELECT (SELECT from_at FROM spans WHERE bot = ? ORDER BY from_at LIMIT 1) AS oldest,
      (SELECT to_at FROM spans WHERE bot = ? ORDER BY from_at DESC, id DESC LIMIT 1) AS newest`,
    bot,
    bot,
  );
  const [oldest, newest] = [Number(ends?.oldest ?? span.to), Number(ends?.newest ?? span.from)];
  const all = known.get(tables) ?? new Map<string, Parts>();
  known.set(tables, all);
  const key = `${partMs} ${bot}`;
  const before = all.get(key);
  const worstIn = finder(tables, bot, span);
  const parts = new Map<number, string | null>();
  const over = new Map<number, string | null>();
  const begin = Math.floor(Math.max(span.from, oldest) / partMs) * partMs;
  for (let from = begin; from < span.to; from += partMs) {
    const to = from + partMs;
    const isCut = from < span.from;
    const earlier = isCut ? undefined : before?.get(from);
    const worst = earlier === undefined ? worstIn({ from: Math.max(from, span.from), to }) : earlier;
    parts.set(from, worst);
    if (!isCut && to <= newest) over.set(from, worst);
  }
  if (all.size >= mostKnown && before === undefined) all.clear();
  all.set(key, over);
  return parts;
};

/**
 * The watched parts of a span, in rising order, as `spansWithin` gives them. Where they are too many each part of so many
 * ms, counted from midnight UTC, has the worst state that was in it.
 *
 * @param seenAt when the monitor of the bot last said that it lives; `null`: never.
 */
export const worstWithin = (
  tables: Tables,
  bot: string,
  span: Span,
  seenAt: number | null,
  { most, partMs }: Parting,
): readonly StateSpan[] => {
  const some = `SELECT COUNT(*) AS count FROM (SELECT 1 FROM spans WHERE ${touching} LIMIT ?)`;
  const count = Number(tables.get(some, ...touchedBy(bot, span), most + 1)?.count ?? 0);
  if (count <= most) return spansWithin(tables, bot, span, seenAt);
  const since = sinceLastLook(tables, bot, seenAt);
  return [...partsWithin(tables, bot, span, partMs)].flatMap(([from, looked]) => {
    const [part] = cutTo(span, [{ from, to: from + partMs, state: looked ?? '' }]);
    if (part === undefined) return [];
    const lately = cutTo(part, since).map(({ state }) => state);
    const [worst] = worstFirst([...(looked === null ? [] : [looked]), ...lately]);
    return worst === undefined ? [] : [{ ...part, state: worst }];
  });
};
