import type { Tables } from './tables.ts';

type Count = { readonly bot: string; readonly count: number };

export const countIncidents = (tables: Tables): readonly Count[] =>
  tables
    .prepare('SELECT bot, COUNT(*) AS count FROM incidents GROUP BY bot')
    .all()
    .map((row) => ({ bot: String(row.bot), count: Number(row.count) }));

/** Restarts as the monitor noted them, and nothing that follows from how an incident went on: a bot may come back by itself. */
export const countRestarts = (tables: Tables): readonly (Count & { readonly result: string })[] =>
  tables
    .prepare(
      `SELECT i.bot AS bot, substr(n.kind, length('restart-') + 1) AS result, COUNT(*) AS count
         FROM incident_notes n JOIN incidents i ON i.id = n.incident
         WHERE n.kind IN ('restart-verified', 'restart-failed', 'restart-unproven') GROUP BY i.bot, n.kind`,
    )
    .all()
    .map((row) => ({ bot: String(row.bot), result: String(row.result), count: Number(row.count) }));

/** Counts messages by channel and result. */
export const counterOn = (tables: Tables) => (channel: string, result: string, by: number) =>
  tables
    .prepare(
      `INSERT INTO delivery_counts (channel, result, count) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET count = count + excluded.count`,
    )
    .run(channel, result, by);
