import { indicators } from '@sentinel/heartbeat-core';
import { type BeatRow, type DayUptime, type IncidentRow, incidentIdOf } from '@sentinel/history';
import { iso } from './iso.ts';
import type { IncidentItem, LogItem } from './journal-schema.ts';
import { withoutFolders } from './reason.ts';
import { healthState } from './status-schema.ts';
import type { DayShare } from './uptime-answer.ts';
import { dateOf } from './window.ts';

const secondsOf = (ms: number) => Math.max(0, Math.round(ms / 1000));

/** A state that this version does not know is unknown, not an error. */
const stateOf = (text: string) => healthState.catch('unknown').parse(text);

export const formatLogItem = (row: BeatRow): LogItem => ({
  id: String(row.id),
  bot: row.bot,
  at: iso(row.at),
  state: stateOf(row.state),
  // A status with ❓ is the monitor's own word for what it found; any other is the bot's, told as it wrote it.
  status: row.status.startsWith(indicators.unknown.emoji) ? withoutFolders(row.status) : row.status,
  session_active: row.sessionActive,
  instance: row.instance,
  age_seconds: row.ageMs === null ? null : secondsOf(row.ageMs),
});

export const formatDay = ({ day, ...share }: DayUptime): DayShare => ({
  date: dateOf(day),
  ...share,
});

export const formatIncident = (row: IncidentRow, now: number): IncidentItem => ({
  id: String(row.id),
  incident: incidentIdOf(row),
  bot: row.bot,
  started_at: iso(row.startedAt),
  ill_since: iso(row.illSince),
  ended_at: row.endedAt === null ? null : iso(row.endedAt),
  duration_seconds: secondsOf((row.endedAt ?? now) - row.illSince),
  state: stateOf(row.state),
  reason: withoutFolders(row.reason),
  actions: row.notes.map(({ at, kind, text }) => ({ at: iso(at), kind, text: withoutFolders(text) })),
});
