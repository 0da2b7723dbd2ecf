import type { SQLInputValue } from 'node:sqlite';
import type { WaitingAlert } from './store-options.ts';
import type { Tables } from './tables.ts';

type Row = Readonly<Record<string, SQLInputValue>>;

/** What is still to be delivered, as it was when a transaction last landed. */
export type Waiting = {
  readonly mark: string;
  readonly alerts: readonly Row[];
  readonly deliveries: readonly Row[];
};

/** Nothing waits. */
export const nothingWaits: Waiting = { mark: '0 0 0', alerts: [], deliveries: [] };

const waits = 'FROM deliveries WHERE result IS NULL';

/** What waits now. The rows are read only where another mark says that they have changed. */
export const readWaiting = (tables: Tables, before: Waiting): Waiting => {
  const sums = tables
    .prepare(
      `SELECT COUNT(*) AS count, COALESCE(SUM(alert), 0) AS alerts, SUM(attempts) AS attempts ${waits}`,
    )
    .get();
  const mark = `${sums?.count} ${sums?.alerts} ${sums?.attempts ?? 0}`;
  if (mark === before.mark) return before;
  const all = (sql: string) => tables.prepare(sql).all() as Row[];
  return {
    mark,
    alerts: all(`SELECT id, key, at, body FROM alerts WHERE id IN (SELECT alert ${waits}) ORDER BY id`),
    deliveries: all(
      `SELECT a.key, d.channel, d.batch, d.attempts FROM deliveries d JOIN alerts a ON a.id = d.alert
         WHERE d.result IS NULL ORDER BY d.alert`,
    ),
  };
};

/** What waits for one channel, in its order. */
export const waitingOn = ({ alerts, deliveries }: Waiting, channel: string): readonly WaitingAlert[] => {
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
export const writeWaiting = (tables: Tables, { alerts, deliveries }: Waiting): void => {
  const withId = tables.prepare('INSERT OR IGNORE INTO alerts (id, key, at, body) VALUES (?, ?, ?, ?)');
  const withoutId = tables.prepare(
    'INSERT INTO alerts (key, at, body) SELECT ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM alerts WHERE key = ?)',
  );
  for (const { id = null, key = null, at = null, body = null } of alerts) {
    withId.run(id, key, at, body);
    withoutId.run(key, at, body, key);
  }
  const deliver = tables.prepare(
    `INSERT OR IGNORE INTO deliveries (alert, channel, batch, attempts)
       SELECT id, ?, ?, ? FROM alerts WHERE key = ?`,
  );
  for (const { key = null, channel = null, batch = null, attempts = null } of deliveries)
    deliver.run(channel, batch, attempts, key);
};
