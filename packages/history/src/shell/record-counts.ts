import type { DatabaseSync } from 'node:sqlite';

type Count = { readonly bot: string; readonly count: number };

export const countIncidents = (database: DatabaseSync): readonly Count[] =>
  database
    .prepare('SELECT bot, COUNT(*) AS count FROM incidents GROUP BY bot')
    .all()
    .map((row) => ({ bot: String(row.bot), count: Number(row.count) }));

/** An incident that ended after an attempt proves the last attempt; each `restart-failed` is one that failed. */
export const countRestarts = (database: DatabaseSync): readonly (Count & { readonly result: string })[] =>
  database
    .prepare(
      `SELECT i.bot AS bot, 'failed' AS result, COUNT(*) AS count FROM incident_notes n
         JOIN incidents i ON i.id = n.incident WHERE n.kind = 'restart-failed' GROUP BY i.bot
       UNION ALL
       SELECT bot, 'verified', COUNT(*) FROM incidents i WHERE ended_at IS NOT NULL AND EXISTS (
         SELECT 1 FROM incident_notes n WHERE n.incident = i.id AND n.kind = 'restart-attempted') GROUP BY bot`,
    )
    .all()
    .map((row) => ({ bot: String(row.bot), result: String(row.result), count: Number(row.count) }));

/** Counts messages by channel and result. */
export const counterOn = (database: DatabaseSync) => (channel: string, result: string, by: number) =>
  database
    .prepare(
      `INSERT INTO delivery_counts (channel, result, count) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET count = count + excluded.count`,
    )
    .run(channel, result, by);
