import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { beyond, shortText, type Tables } from './tables.ts';

export type ListQuery = {
  readonly bot?: string | undefined;
  /** Not before, and before, in ms since the epoch. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** Only what comes after the row of this id: the cursor of the next page. */
  readonly before?: number | undefined;
  readonly limit: number;
};

export type BeatRow = {
  readonly id: number;
  readonly bot: string;
  readonly at: number;
  readonly state: string;
  readonly status: string;
  readonly sessionActive: boolean;
  readonly instance: string | null;
  readonly ageMs: number | null;
};

export type IncidentRow = {
  readonly id: number;
  readonly bot: string;
  /** When people were alerted: with it the incident is named. */
  readonly startedAt: number;
  /** Since when the bot was not well, as far as is known: from here its length counts. */
  readonly illSince: number;
  readonly endedAt: number | null;
  readonly state: string;
  readonly reason: string;
  readonly notes: readonly { readonly at: number; readonly kind: string; readonly text: string }[];
};

type Row = Record<string, SQLOutputValue>;
const number = (value: SQLOutputValue | undefined) =>
  value === null || value === undefined ? null : Number(value);

const numbers = {
  beats: ['id', 'at', 'session_active', 'age_ms'],
  incidents: ['id', 'started_at', 'ended_at'],
} as const;

/**
 * Rows of one table, newest first. Table and column are ours; everything a caller gives is bound.
 *
 * What is asked for by time is also in the order of time: in that of the ids every row that is newer would be read and
 * dropped first. Where no clock was set back the two are the same.
 */
const list = (tables: Tables, table: keyof typeof numbers, time: string, query: ListQuery): Row[] => {
  // What cannot be right would take the place of a row in the page.
  const conditions = [`(${beyond(numbers[table])}) IS NOT TRUE`];
  const values: SQLInputValue[] = [];
  const where = (condition: string, value: SQLInputValue | undefined) => {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  };
  where('bot = ?', query.bot);
  where(`${time} >= ?`, query.since);
  where(`${time} < ?`, query.until);
  const byTime = query.since !== undefined || query.until !== undefined;
  where(byTime ? `(${time}, id) < (SELECT ${time}, id FROM ${table} WHERE id = ?)` : 'id < ?', query.before);
  return tables.all(
    `SELECT * FROM ${table} WHERE ${conditions.join(' AND ')} ORDER BY ${byTime ? `${time} DESC, ` : ''}id DESC LIMIT ?`,
    ...values,
    query.limit,
  );
};

export const listBeats = (tables: Tables, query: ListQuery): readonly BeatRow[] =>
  list(tables, 'beats', 'at', query).map((row) => ({
    id: Number(row.id),
    bot: shortText(row.bot),
    at: Number(row.at),
    state: shortText(row.state),
    status: shortText(row.status),
    sessionActive: row.session_active === 1,
    instance: row.instance === null ? null : shortText(row.instance),
    ageMs: number(row.age_ms),
  }));

export const listIncidents = (tables: Tables, query: ListQuery): readonly IncidentRow[] => {
  const notes = 'SELECT at, kind, text FROM incident_notes WHERE incident = ? ORDER BY id LIMIT 200';
  return list(tables, 'incidents', 'started_at', query).map((row) => ({
    id: Number(row.id),
    bot: shortText(row.bot),
    startedAt: Number(row.started_at),
    illSince: Math.min(Number(row.started_at), number(row.ill_since) ?? Number.POSITIVE_INFINITY),
    endedAt: number(row.ended_at),
    state: shortText(row.state),
    reason: shortText(row.reason),
    notes: tables.all(notes, Number(row.id)).map((note) => ({
      at: Number(note.at),
      kind: shortText(note.kind),
      text: shortText(note.text),
    })),
  }));
};
