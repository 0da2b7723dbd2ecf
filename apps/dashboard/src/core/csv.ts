import type { Incident, LogItem } from './wire.ts';

/** A cell that a spreadsheet takes for text, whatever a bot has written: one that begins with `=` would be run. */
const cell = (value: string): string => {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const table = (rows: readonly (readonly string[])[]): string =>
  `${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;

const iso = (at: number | null) => (at === null ? '' : new Date(at).toISOString());

export const logCsv = (items: readonly LogItem[]): string =>
  table([
    ['at', 'state', 'status', 'age_seconds'],
    ...items.map(({ at, state, status, ageSeconds }) => [iso(at), state, status, String(ageSeconds ?? '')]),
  ]);

export const incidentsCsv = (all: readonly Incident[]): string =>
  table([
    ['incident', 'started_at', 'ill_since', 'ended_at', 'state', 'reason', 'actions'],
    ...all.map(({ id, incident, startedAt, illSince, endedAt, state, reason, actions }) => [
      incident ?? id,
      iso(startedAt),
      iso(illSince),
      iso(endedAt),
      state,
      reason,
      actions.map(({ at, text }) => `${iso(at)} ${text}`).join('\n'),
    ]),
  ]);
