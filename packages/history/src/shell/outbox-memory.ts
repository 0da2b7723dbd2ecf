import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { identityOf } from '@sentinel/heartbeat-core';
import { isRefusal } from '../core/store-trouble.ts';
import type { Open } from './open-file.ts';
import { requireSafe } from './record.ts';
import type { WaitingAlert } from './store-options.ts';
import { type Tables, tablesOf } from './tables.ts';

type Row = Readonly<Record<string, SQLInputValue>>;

/** What is still to be delivered, as it was when a transaction last landed. */
type Waiting = {
  readonly mark: string;
  readonly alerts: readonly Row[];
  readonly deliveries: readonly Row[];
};

const nothingWaits: Waiting = { mark: '0 0 0', alerts: [], deliveries: [] };

const waits = 'FROM deliveries WHERE result IS NULL';

/** What waits now. The rows are read only where another mark says that they have changed. */
const readWaiting = (tables: Tables, before: Waiting): Waiting => {
  const sums = tables.get(
    `SELECT COUNT(*) AS count, COALESCE(SUM(alert), 0) AS alerts, SUM(attempts) AS attempts ${waits}`,
  );
  const mark = `${sums?.count} ${sums?.alerts} ${sums?.attempts ?? 0}`;
  if (mark === before.mark) return before;
  const all = (sql: string) => tables.all(sql) as Row[];
  return {
    mark,
    alerts: all(`SELECT id, key, at, body FROM alerts WHERE id IN (SELECT alert ${waits}) ORDER BY id`),
    deliveries: all(
      `SELECT a.key, d.channel, d.batch, d.attempts FROM deliveries d JOIN alerts a ON a.id = d.alert
         WHERE d.result IS NULL ORDER BY d.alert`,
    ),
  };
};

const waitingOn = ({ alerts, deliveries }: Waiting, channel: string): readonly WaitingAlert[] => {
  const byKey = new Map(alerts.map((alert) => [alert.key, alert]));
  return deliveries.flatMap((delivery) => {
    const alert = delivery.channel === channel ? byKey.get(delivery.key ?? null) : undefined;
    if (alert === undefined) return [];
    const { id, key, at, body } = alert;
    return [
      {
        alert: { id: Number(id), key: String(key), at: Number(at), body: String(body) },
        batch: typeof delivery.batch === 'string' ? delivery.batch : null,
        attempts: Number(delivery.attempts),
      },
    ];
  });
};

/**
 * Puts what waits into a file that took the place of the one in which it was written down. An alert that stands there
 * already stays as it is. The numbers of the rows are kept where they are free.
 */
const writeWaiting = (tables: Tables, { alerts, deliveries }: Waiting): void => {
  const withId = 'INSERT OR IGNORE INTO alerts (id, key, at, body) VALUES (?, ?, ?, ?)';
  const withoutId =
    'INSERT INTO alerts (key, at, body) SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM alerts WHERE key = ?)';
  for (const { id = null, key = null, at = null, body = null } of alerts) {
    tables.run(withId, id, key, at, body);
    tables.run(withoutId, key, at, body, key);
  }
  const deliver = `INSERT OR IGNORE INTO deliveries (alert, channel, batch, attempts)
       SELECT id, ?, ?, ? FROM alerts WHERE key = ?`;
  for (const { key = null, channel = null, batch = null, attempts = null } of deliveries)
    tables.run(deliver, channel, batch, attempts, key);
};

/**
 * What waits in a file that cannot be written now, as a reader sees it: a writer that locks a journal keeps no reader out. `null`: it
 * cannot be read either.
 */
const peek = (file: string): Waiting | null => {
  let database: DatabaseSync | undefined;
  try {
    if (identityOf(file) === null) return null;
    requireSafe(file);
    database = new DatabaseSync(file, { readOnly: true, timeout: 0 });
    return readWaiting(tablesOf(database), nothingWaits);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return null;
  } finally {
    database?.close();
  }
};

/** In a journal that was begun in the place of a damaged one: what nobody has written into it since is not known. */
export const setAsideKey = 'journal-set-aside';

/** What outlives the file in which it stands: it is given to the one that takes its place. */
export const createOutboxMemory = (now: () => number) => {
  let waiting = nothingWaits;
  let everRead = false;
  /** The name of a damaged file, which the one in its place is still to be given. */
  let keptAs: string | null = null;
  return {
    waitingFor: (channel: string) => waitingOn(waiting, channel),
    /** A process that starts while the file is locked knows nothing of what waits there, and would send its own alerts first. */
    learn: (file: string): void => {
      if (everRead) return;
      const found = peek(file);
      if (found === null) return;
      waiting = found;
      everRead = true;
    },
    setAside: (name: string): void => {
      keptAs = name;
    },
    /** Within a transaction: gives the file what it lacks of the one before it. */
    settle: ({ tables, records }: Open, isAnother: boolean): void => {
      if (isAnother) writeWaiting(tables, waiting);
      if (keptAs !== null) records.setState(setAsideKey, { keptAs, at: Math.round(now()) });
    },
    /** Reads what waits, before a transaction lands. What it returns is to be called once it has landed. */
    read: (tables: Tables): (() => void) => {
      const next = readWaiting(tables, waiting);
      return () => {
        waiting = next;
        everRead = true;
        keptAs = null;
      };
    },
  };
};
