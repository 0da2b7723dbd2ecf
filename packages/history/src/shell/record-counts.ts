import type { Tables } from './tables.ts';

type Count = { readonly bot: string; readonly count: number };

export const countIncidents = (tables: Tables): readonly Count[] =>
  tables
    .prepare('SELECT bot, COUNT(*) AS count FROM incidents GROUP BY bot')
    .all()
    .map((row) => ({ bot: String(row.bot), count: Number(row.count) }));

/** Notes of these kinds, by bot, as they were made: nothing that follows from how an incident went on. */
export const countNotes = (
  tables: Tables,
  kinds: readonly string[],
): readonly (Count & { readonly kind: string })[] =>
  tables
    .prepare(
      `SELECT i.bot AS bot, n.kind AS kind, COUNT(*) AS count FROM incident_notes n JOIN incidents i ON i.id = n.incident
         WHERE n.kind IN (SELECT value FROM json_each(?)) GROUP BY i.bot, n.kind`,
    )
    .all(JSON.stringify(kinds))
    .map((row) => ({ bot: String(row.bot), kind: String(row.kind), count: Number(row.count) }));

/** Counts messages by channel and result. */
export const counterOn = (tables: Tables) => (channel: string, result: string, by: number) =>
  tables
    .prepare(
      `INSERT INTO delivery_counts (channel, result, count) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET count = count + excluded.count`,
    )
    .run(channel, result, by);
