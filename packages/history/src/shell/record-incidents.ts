import { addDuration } from './record-durations.ts';
import { type IncidentRow, type ListQuery, listIncidents } from './record-lists.ts';
import type { Tables } from './tables.ts';

type Opened = {
  readonly bot: string;
  readonly at: number;
  /** Since when the bot is not well. Default: `at`. */
  readonly illSince?: number;
  readonly state: string;
  readonly reason: string;
};
type Note = { readonly at: number; readonly kind: string; readonly text: string };
type Count = { readonly bot: string; readonly count: number };

/** How long an incident was open before somebody said that they have it. */
const countFirstAck = (tables: Tables, id: number, at: number): void => {
  const row = tables.get(
    `SELECT bot, started_at FROM incidents i WHERE id = ?
       AND NOT EXISTS (SELECT 1 FROM incident_notes n WHERE n.incident = i.id AND n.kind = 'acknowledged')`,
    id,
  );
  if (row !== undefined) addDuration(tables, 'time-to-ack', String(row.bot), at - Number(row.started_at));
};

export const incidentsOn = (tables: Tables) => {
  const { run } = tables;
  return {
    /** Gives the number of its row. */
    openIncident: ({ bot, at, illSince = at, state, reason }: Opened): number =>
      run(
        'INSERT INTO incidents (bot, started_at, ill_since, state, reason) VALUES (?, ?, ?, ?, ?)',
        bot,
        Math.round(at),
        Math.round(illSince),
        state,
        reason,
      ).lastInsertRowid,
    closeIncident: (id: number, at: number): void =>
      void run('UPDATE incidents SET ended_at = ? WHERE id = ? AND ended_at IS NULL', Math.round(at), id),
    /** It goes on under another name of the bot. */
    moveIncident: (id: number, bot: string): void =>
      void run('UPDATE incidents SET bot = ? WHERE id = ?', bot, id),
    noteIncident: (id: number, { at, kind, text }: Note): void => {
      if (kind === 'acknowledged') countFirstAck(tables, id, at);
      run(
        'INSERT INTO incident_notes (incident, at, kind, text) VALUES (?, ?, ?, ?)',
        id,
        Math.round(at),
        kind,
        text,
      );
    },
    currentIncident: (bot: string): number | null => {
      const row = tables.get(
        'SELECT id FROM incidents WHERE bot = ? AND ended_at IS NULL ORDER BY id DESC LIMIT 1',
        bot,
      );
      return row === undefined ? null : Number(row.id);
    },
    incidents: (query: ListQuery): readonly IncidentRow[] => listIncidents(tables, query),
    countIncidents: (): readonly Count[] =>
      tables
        .all('SELECT bot, COUNT(*) AS count FROM incidents GROUP BY bot')
        .map((row) => ({ bot: String(row.bot), count: Number(row.count) })),
    /** Notes of these kinds, as they were made: nothing that follows from how an incident went on. */
    countNotes: (kinds: readonly string[]): readonly (Count & { readonly kind: string })[] =>
      tables
        .all(
          `SELECT i.bot AS bot, n.kind AS kind, COUNT(*) AS count FROM incident_notes n JOIN incidents i ON i.id = n.incident
             WHERE n.kind IN (SELECT value FROM json_each(?)) GROUP BY i.bot, n.kind`,
          JSON.stringify(kinds),
        )
        .map((row) => ({ bot: String(row.bot), kind: String(row.kind), count: Number(row.count) })),
  };
};
