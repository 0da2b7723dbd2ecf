import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { foreignFolder, oneLine, requirePlainFiles } from '@sentinel/heartbeat-core';
import type { Span } from '../core/day-parts.ts';
import { countIncidents, countNotes } from './record-counts.ts';
import { type BeatRow, type IncidentRow, type ListQuery, listBeats, listIncidents } from './record-lists.ts';
import {
  addOrder,
  type OrderRow,
  orderColumns,
  type PendingOrderRow,
  parseOr,
  pendingOrders,
} from './record-orders.ts';
import { type OutboxRecords, outboxOn } from './record-outbox.ts';
import { prepareTables } from './record-schema.ts';
import {
  listStalls,
  type OpenStall,
  openStall,
  type StallRow,
  type Standing,
  standStill,
} from './record-stalls.ts';
import { type StateRecords, type SupervisionRecords, supervisionOn } from './record-supervision.ts';
import {
  type DayUptime,
  type StateSpan,
  spansWithin,
  touchSpan,
  type Uptime,
  uptimeByDay,
  uptimeWithin,
} from './record-uptime.ts';
import { tablesOf } from './tables.ts';

/** An order with what came of it; `null` while nobody has taken it. */
export type FinishedOrder = Omit<OrderRow, 'args'> & {
  readonly finishedAt: number | null;
  readonly result: string | null;
};

/** What happened to the bots, row by row. Instants are ms since the epoch. Throws what SQLite throws. */
export type Records = OutboxRecords &
  StateRecords &
  SupervisionRecords & {
    /** Kept only where state, status, session or instance differ from the last one of the bot. */
    readonly addBeat: (beat: Omit<BeatRow, 'id'>) => void;
    readonly beats: (query: ListQuery) => readonly BeatRow[];
    /** The bot is watched at this instant, and in this state. */
    readonly touch: (bot: string, at: number, state: string) => void;
    readonly spans: (bot: string, span: Span) => readonly StateSpan[];
    /** The bot's work as it stands at this instant: a stall goes on, begins or is over. */
    readonly standStill: (standing: Standing) => void;
    readonly openStall: (bot: string) => OpenStall | null;
    readonly stalls: (bot: string) => readonly StallRow[];
    readonly uptime: (bot: string, span: Span) => Uptime;
    /** The same, day by day of UTC. */
    readonly uptimeByDay: (bot: string, span: Span) => readonly DayUptime[];
    readonly openIncident: (incident: { bot: string; at: number; state: string; reason: string }) => number;
    readonly closeIncident: (id: number, at: number) => void;
    readonly noteIncident: (id: number, note: { at: number; kind: string; text: string }) => void;
    readonly currentIncident: (bot: string) => number | null;
    readonly incidents: (query: ListQuery) => readonly IncidentRow[];
    readonly addOrder: (order: Omit<OrderRow, 'id'>) => number;
    /** The newest orders that nobody has finished, the oldest of them first; of every bot without `bot`. */
    readonly pendingOrders: (bot?: string, limit?: number) => readonly PendingOrderRow[];
    readonly finishOrder: (id: number, at: number, result: string) => void;
    /** What came of an order; `null` while nobody has taken it. */
    readonly orderResult: (id: number) => string | null;
    /** An order of any age; `null`: there is none of this number. */
    readonly order: (id: number) => FinishedOrder | null;
    /** The bots that a monitor watches, or has watched, in the order of their names. */
    readonly watchedBots: () => readonly string[];
    readonly countIncidents: () => readonly { readonly bot: string; readonly count: number }[];
    /** How often something of these kinds was noted in incidents. */
    readonly countNotes: (
      kinds: readonly string[],
    ) => readonly { readonly bot: string; readonly kind: string; readonly count: number }[];
    /** Forgets beats, spans, stalls and orders that were finished before this instant; the sums of days and incidents stay. */
    readonly prune: (before: number) => void;
    readonly close: () => void;
  };

/**
 * Opens the records in the journal at `file`. With `readOnly` nothing is made or changed, and a file that is not
 * there is an error.
 *
 * @throws Error of SQLite when the file cannot be opened or is no journal.
 */
export const openRecords = (
  file: string,
  options: {
    readonly readOnly?: boolean;
    /** How long a writer waits for another one, in ms; nothing else goes on meanwhile. Default: 5,000. */
    readonly lockWaitMs?: number;
  } = {},
): Records => {
  const { readOnly = false, lockWaitMs = 5000 } = options;
  requireSafe(file);
  // A reader does not wait for a lock: what it cannot have now it asks for a moment later.
  if (readOnly) return recordsOn(new DatabaseSync(file, { readOnly, timeout: 50 }));
  return recordsOn(openDatabase(file, { timeout: lockWaitMs }));
};

/** The files that SQLite opens by itself, and follows links of. */
const parts = ['', '-wal', '-shm', '-journal'];

/**
 * Whoever may write into the folder could lay a link there, or watch what root makes in it: SQLite makes files beside a
 * journal for a reader, too.
 */
const requireSafe = (file: string): void => {
  const foreign = foreignFolder(file);
  if (foreign !== null)
    throw Object.assign(new Error(`${foreign}: ask as that user`), {
      code: 'EPERM',
      syscall: 'open',
      errstr: `${foreign}: ask as that user`,
    });
  requirePlainFiles(...parts.map((part) => file + part));
};

/** Opens the database of a journal, to write in, and makes what is not there yet. */
export const openDatabase = (file: string, options: { readonly timeout: number }): DatabaseSync => {
  requireSafe(file);
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file, options);
  try {
    prepareTables(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

/** The records in a database that has the tables already. */
export const recordsOn = (database: DatabaseSync): Records => {
  const tables = tablesOf(database);
  const run = (sql: string, ...values: (string | number | null)[]) =>
    tables.prepare(sql).run(...values).lastInsertRowid;
  const state: StateRecords = {
    getState: (key) => {
      const row = tables.prepare('SELECT value FROM state WHERE key = ?').get(key);
      return row === undefined ? undefined : parseOr(String(row.value));
    },
    setState: (key, value) =>
      void run('INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)', key, JSON.stringify(value)),
  };
  return {
    ...state,
    ...supervisionOn(state),
    ...outboxOn(tables),
    addBeat: (beat) => {
      const [last] = listBeats(tables, { bot: beat.bot, limit: 1 });
      const same = (key: 'state' | 'status' | 'sessionActive' | 'instance') => last?.[key] === beat[key];
      if (same('state') && same('status') && same('sessionActive') && same('instance')) return;
      run(
        'INSERT INTO beats (bot, at, state, status, session_active, instance, age_ms) VALUES (?, ?, ?, ?, ?, ?, ?)',
        beat.bot,
        Math.round(beat.at),
        beat.state,
        beat.status,
        beat.sessionActive ? 1 : 0,
        beat.instance,
        beat.ageMs === null ? null : Math.round(beat.ageMs),
      );
    },
    beats: (query) => listBeats(tables, query),
    touch: (bot, at, state) => touchSpan(tables, bot, Math.round(at), state),
    spans: (bot, span) => spansWithin(tables, bot, span),
    standStill: (standing) => standStill(tables, standing),
    openStall: (bot) => openStall(tables, bot),
    stalls: (bot) => listStalls(tables, bot),
    uptime: (bot, span) => uptimeWithin(tables, bot, span),
    uptimeByDay: (bot, span) => uptimeByDay(tables, bot, span),
    openIncident: ({ bot, at, state, reason }) =>
      run(
        'INSERT INTO incidents (bot, started_at, state, reason) VALUES (?, ?, ?, ?)',
        bot,
        Math.round(at),
        state,
        reason,
      ),
    closeIncident: (id, at) =>
      void run('UPDATE incidents SET ended_at = ? WHERE id = ? AND ended_at IS NULL', Math.round(at), id),
    noteIncident: (id, { at, kind, text }) =>
      void run(
        'INSERT INTO incident_notes (incident, at, kind, text) VALUES (?, ?, ?, ?)',
        id,
        Math.round(at),
        kind,
        text,
      ),
    currentIncident: (bot) => {
      const row = tables
        .prepare('SELECT id FROM incidents WHERE bot = ? AND ended_at IS NULL ORDER BY id DESC LIMIT 1')
        .get(bot);
      return row === undefined ? null : Number(row.id);
    },
    incidents: (query) => listIncidents(tables, query),
    addOrder: (order) => addOrder(tables, order),
    pendingOrders: (bot, limit = 100) => pendingOrders(tables, bot, limit),
    finishOrder: (id, at, result) =>
      void run(
        'UPDATE orders SET finished_at = ?, result = ? WHERE id = ? AND finished_at IS NULL',
        Math.round(at),
        result,
        id,
      ),
    orderResult: (id) => {
      const result = tables.prepare('SELECT result FROM orders WHERE id = ?').get(id)?.result;
      return typeof result === 'string' ? result : null;
    },
    order: (id) => {
      const row = tables.prepare(`SELECT ${orderColumns} FROM orders WHERE id = ?`).get(id);
      if (row === undefined) return null;
      return {
        id,
        bot: String(row.bot),
        at: Number(row.at),
        kind: oneLine(String(row.kind)),
        by: oneLine(String(row.by)),
        finishedAt: typeof row.finished_at === 'number' ? row.finished_at : null,
        result: typeof row.result === 'string' ? row.result : null,
      };
    },
    watchedBots: () =>
      tables
        .prepare("SELECT substr(key, 13) AS bot FROM state WHERE key LIKE 'supervision:%' ORDER BY key")
        .all()
        .map(({ bot }) => String(bot)),
    countIncidents: () => countIncidents(tables),
    countNotes: (kinds) => countNotes(tables, kinds),
    prune: (before) => {
      run('DELETE FROM beats WHERE at < ?', before);
      run('DELETE FROM spans WHERE from_at < ?', before);
      run('DELETE FROM stalls WHERE to_at < ?', before);
      run('DELETE FROM orders WHERE finished_at < ?', before);
    },
    close: () => database.close(),
  };
};
