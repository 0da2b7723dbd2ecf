import type { Span } from '../core/day-parts.ts';
import { longestGapMs } from './record-uptime.ts';
import type { Tables } from './tables.ts';

/** What a bot's work is known by at an instant, and since when it has stood still. */
export type Standing = {
  readonly bot: string;
  readonly at: number;
  /** Another one with each run of the bot and with each step of its progress; `null`: it tells of none. */
  readonly mark: string | null;
  /** Since when it has been this one; `null`: not for long enough to be kept. */
  readonly since: number | null;
};

/** A stall that goes on, as far as anybody has seen. */
export type OpenStall = Span & { readonly mark: string };

export type StallRow = Span & {
  /** Nobody has seen its end. */
  readonly open: boolean;
};

const openOf = (tables: Tables, bot: string) =>
  tables.get('SELECT * FROM stalls WHERE bot = ? AND mark IS NOT NULL ORDER BY id DESC LIMIT 1', bot);

/** A journal that was written before there were stalls, read by somebody who may make no tables. */
const hasStalls = (tables: Tables): boolean =>
  tables.get("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'stalls'") !== undefined;

/** The mark is kept while a stall goes on: of one that is over only its beginning and its end are. */
export const standStill = (tables: Tables, { bot, at, mark, since }: Standing): void => {
  const open = openOf(tables, bot);
  if (open?.mark === mark && open !== undefined) {
    tables.run(
      'UPDATE stalls SET from_at = ?, to_at = MAX(to_at, ?) WHERE id = ?',
      Math.round(since ?? Number(open.from_at)),
      Math.round(at),
      Number(open.id),
    );
    return;
  }
  if (open !== undefined) {
    const seenTo = Number(open.to_at);
    // When it ended while nobody watched is not known.
    const to = at >= seenTo && at - seenTo <= longestGapMs ? at : seenTo;
    tables.run('UPDATE stalls SET to_at = ?, mark = NULL WHERE id = ?', Math.round(to), Number(open.id));
  }
  if (mark !== null && since !== null)
    tables.run(
      'INSERT INTO stalls (bot, from_at, to_at, mark) VALUES (?, ?, ?, ?)',
      bot,
      Math.round(since),
      Math.round(at),
      mark,
    );
};

/** The stall that goes on; `null`: the bot works, or tells of no progress. */
export const openStall = (tables: Tables, bot: string): OpenStall | null => {
  const row = hasStalls(tables) ? openOf(tables, bot) : undefined;
  return row === undefined
    ? null
    : { from: Number(row.from_at), to: Number(row.to_at), mark: String(row.mark) };
};

export const listStalls = (tables: Tables, bot: string): readonly StallRow[] =>
  hasStalls(tables)
    ? tables
        .all('SELECT * FROM stalls WHERE bot = ? ORDER BY from_at, id', bot)
        .map((row) => ({ from: Number(row.from_at), to: Number(row.to_at), open: row.mark !== null }))
    : [];
