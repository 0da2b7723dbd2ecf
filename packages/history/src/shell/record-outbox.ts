import type { SQLInputValue } from 'node:sqlite';
import { counterOn } from './record-channels.ts';
import { addDuration } from './record-durations.ts';
import { type Tables, textOrNull } from './tables.ts';

/** What is to be told, once, and the channels it is still to reach. */
export type AlertRow = {
  readonly id: number;
  /** The same for every try to send it: whoever gets it twice can tell. */
  readonly key: string;
  readonly at: number;
  /** JSON, as it was given. */
  readonly body: string;
};

/** Alerts that a channel sends as one message. */
export type OutboxBatch = {
  readonly key: string;
  readonly alerts: readonly AlertRow[];
  /** Tries that have begun; above 0 in a process that has just started: nobody knows whether the last one arrived. */
  readonly attempts: number;
};

export type DeliveryResult = 'sent' | 'refused' | 'rerouted' | 'expired';

/** What has become of one alert on one channel. `result` is `null` while it waits. */
type DeliveryRow = {
  readonly channel: string;
  readonly result: DeliveryResult | null;
  readonly attempts: number;
  readonly finishedAt: number | null;
};

const rowOf = (row: Record<string, SQLInputValue>): AlertRow => ({
  id: Number(row.id),
  key: String(row.key),
  at: Number(row.at),
  body: String(row.body),
});

const pending = `SELECT a.id, a.key, a.at, a.body, d.batch, d.attempts FROM deliveries d
  JOIN alerts a ON a.id = d.alert WHERE d.channel = ? AND d.result IS NULL`;

// By the alert's key: a journal that took the place of another one numbers its rows from one again.
const ofKey = 'alert = (SELECT id FROM alerts WHERE key = ?)';
const ofKeys = 'alert IN (SELECT id FROM alerts WHERE key IN (SELECT value FROM json_each(?)))';

const alertsOn = (tables: Tables) => {
  const { run, all } = tables;
  return {
    /** Adds an alert for these channels. One whose key is there already is not added again. The row's id. */
    addAlert: ({ key, at, body }: Omit<AlertRow, 'id'>, channels: readonly string[]): number => {
      const known = tables.get('SELECT id FROM alerts WHERE key = ?', key)?.id;
      if (known !== undefined) return Number(known);
      const added = run('INSERT INTO alerts (key, at, body) VALUES (?, ?, ?)', key, Math.round(at), body);
      const id = Number(added.lastInsertRowid);
      for (const channel of channels)
        run('INSERT OR IGNORE INTO deliveries (alert, channel) VALUES (?, ?)', id, channel);
      return id;
    },
    /** Alerts of this instant and later, in their order. */
    alertsSince: (at: number, limit: number): readonly AlertRow[] =>
      all('SELECT * FROM alerts WHERE at >= ? ORDER BY id LIMIT ?', at, limit).map(rowOf),
    /** Alerts that carry this id of an incident, from its beginning on, in their order. */
    alertsAbout: (incident: string, since: number, limit: number): readonly AlertRow[] =>
      all(
        `SELECT * FROM alerts WHERE at >= ?
           AND CASE WHEN json_valid(body) THEN json_extract(body, '$.incident') END = ? ORDER BY id LIMIT ?`,
        since,
        incident,
        limit,
      ).map(rowOf),
    /** The newest alerts of this instant and later that the channel has taken, in their order. */
    alertsSentTo: (channel: string, at: number, limit: number): readonly AlertRow[] =>
      all(
        `SELECT a.* FROM alerts a JOIN deliveries d ON d.alert = a.id
           WHERE d.channel = ? AND d.result = 'sent' AND a.at >= ? ORDER BY a.id DESC LIMIT ?`,
        channel,
        at,
        limit,
      )
        .map(rowOf)
        .reverse(),
    deliveriesOf: (alert: number): readonly DeliveryRow[] =>
      all(
        'SELECT channel, result, attempts, finished_at FROM deliveries WHERE alert = ? ORDER BY channel',
        alert,
      ).map((row) => ({
        channel: String(row.channel),
        result: textOrNull(row.result) as DeliveryResult | null,
        attempts: Number(row.attempts),
        finishedAt: typeof row.finished_at === 'number' ? row.finished_at : null,
      })),
    /** Forgets alerts before this instant that wait for nothing any more. */
    pruneAlerts: (before: number): void => {
      run(
        `DELETE FROM alerts WHERE at < ?
           AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.alert = alerts.id AND d.result IS NULL)`,
        before,
      );
      run('DELETE FROM deliveries WHERE NOT EXISTS (SELECT 1 FROM alerts a WHERE a.id = alert)');
    },
  };
};

const batchesOn = (tables: Tables) => {
  const { run, all } = tables;
  const count = counterOn(tables);
  return {
    /** What the channel was sending, or the oldest `most` that wait for it; `key` names it if it is new. */
    nextBatch: (channel: string, most: number, key: string): OutboxBatch | null => {
      const begun = all(`${pending} AND d.batch IS NOT NULL ORDER BY a.id`, channel);
      const rows = begun.length > 0 ? begun : all(`${pending} ORDER BY a.id LIMIT ?`, channel, most);
      const [first] = rows;
      if (first === undefined) return null;
      return {
        key: textOrNull(first.batch) ?? key,
        attempts: Number(first.attempts),
        alerts: rows.map(rowOf),
      };
    },
    beginBatch: (channel: string, { key, alerts, attempts }: OutboxBatch): void => {
      for (const alert of alerts)
        run(
          `UPDATE deliveries SET batch = ?, attempts = ? WHERE ${ofKey} AND channel = ? AND result IS NULL`,
          key,
          attempts + 1,
          alert.key,
          channel,
        );
    },
    finishBatch: (channel: string, { alerts }: OutboxBatch, result: DeliveryResult, at: number): void => {
      for (const { key, at: raisedAt } of alerts) {
        const { changes } = run(
          `UPDATE deliveries SET result = ?, finished_at = ? WHERE ${ofKey} AND channel = ? AND result IS NULL`,
          result,
          Math.round(at),
          key,
          channel,
        );
        if (result === 'sent' && changes > 0) addDuration(tables, 'time-to-notify', channel, at - raisedAt);
      }
      count(channel, result, alerts.length);
    },
  };
};

/** What waits for one channel, given to another one; and the counts of all. */
const deliveriesOn = (tables: Tables) => {
  const { run, all } = tables;
  const count = counterOn(tables);
  return {
    /** Everything that waits for one channel, or what of it is in `only`, waits for another one from now on. */
    reroute: (from: string, to: string, at: number, only?: OutboxBatch): void => {
      const keys = only === undefined ? [] : [JSON.stringify(only.alerts.map(({ key }) => key))];
      const which = `channel = ? AND result IS NULL${only === undefined ? '' : ` AND ${ofKeys}`}`;
      run(
        `INSERT OR IGNORE INTO deliveries (alert, channel)
           SELECT alert, ? FROM deliveries WHERE ${which} ORDER BY alert`,
        to,
        from,
        ...keys,
      );
      const { changes } = run(
        `UPDATE deliveries SET result = 'rerouted', finished_at = ? WHERE ${which}`,
        Math.round(at),
        from,
        ...keys,
      );
      count(from, 'rerouted', Number(changes));
    },
    countFailure: (channel: string, reason: string): void => void count(channel, reason, 1),
    /** Messages by channel and result: `sent`, `refused`, `rerouted`, `expired`, and the reasons of tries that failed. */
    countNotifications: () =>
      all('SELECT channel, result, count FROM delivery_counts WHERE count > 0 ORDER BY channel, result').map(
        (row) => ({
          channel: String(row.channel),
          result: String(row.result),
          count: Number(row.count),
        }),
      ),
  };
};

/** The outbox: alerts, and for each channel what has become of them. */
export const outboxOn = (tables: Tables) => ({
  ...alertsOn(tables),
  ...batchesOn(tables),
  ...deliveriesOn(tables),
});
