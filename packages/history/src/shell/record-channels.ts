import type { SQLInputValue } from 'node:sqlite';
import { type Tables, textOrNull } from './tables.ts';

/** What is known of a channel. Of its URL only a hash is kept, which tells that it was changed. */
export type ChannelRow = {
  readonly name: string;
  readonly urlHash: string;
  /** Since when the far end refuses every message, in ms since the epoch; `null`: it does not. */
  readonly deadSince: number | null;
  readonly deadReason: string | null;
  /** Not to be used before this instant, in ms since the epoch. */
  readonly nextAt: number;
  readonly lastSentAt: number | null;
  /** Why the last try failed; `null` once one went well. */
  readonly lastFailure: string | null;
};

/** Why a channel is not used: it is not set up, or notifications are off. A closed set. */
type ChannelAbsence = 'not-set-up' | 'off';

/** What stands in the journal for it, where a channel that is used has the cause of its last failure. */
const absenceTexts: Readonly<Record<ChannelAbsence, string>> = {
  'not-set-up': 'no webhook is set',
  off: 'notifications are off',
};
const absenceOf = (lastFailure: string | null): ChannelAbsence | null =>
  (['not-set-up', 'off'] as const).find((absence) => absenceTexts[absence] === lastFailure) ?? null;

/** The same with what waits for it. */
type ChannelFacts = ChannelRow & {
  /** `null`: it is used. */
  readonly absence: ChannelAbsence | null;
  readonly pending: number;
  readonly oldestPendingAt: number | null;
};

/** A channel that is not set up any more. */
export type LeftChannel = {
  readonly name: string;
  readonly pending: number;
  /** What had waited for too long, and is given up now. */
  readonly expired: number;
};

const numberOrNull = (value: SQLInputValue | undefined) => (typeof value === 'number' ? value : null);

const channelOf = (row: Record<string, SQLInputValue>): ChannelRow => ({
  name: String(row.name),
  urlHash: String(row.url_hash),
  deadSince: numberOrNull(row.dead_since),
  deadReason: textOrNull(row.dead_reason),
  nextAt: Number(row.next_at),
  lastSentAt: numberOrNull(row.last_sent_at),
  lastFailure: textOrNull(row.last_failure),
});

export const counterOn = (tables: Tables) => (channel: string, result: string, by: number) =>
  tables.run(
    `INSERT INTO delivery_counts (channel, result, count) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET count = count + excluded.count`,
    channel,
    result,
    by,
  );

/** The channel is set up no more. What waits for it goes on waiting, but for what is too old. */
const leave = (
  tables: Tables,
  name: string,
  { before, at, absence }: { before: number; at: number; absence: ChannelAbsence },
): LeftChannel => {
  const { changes } = tables.run(
    `UPDATE deliveries SET result = 'expired', finished_at = ? WHERE channel = ? AND result IS NULL
       AND alert IN (SELECT id FROM alerts WHERE at < ?)`,
    Math.round(at),
    name,
    Math.round(before),
  );
  const expired = Number(changes);
  counterOn(tables)(name, 'expired', expired);
  const waiting = 'SELECT COUNT(*) AS count FROM deliveries WHERE channel = ? AND result IS NULL';
  const pending = Number(tables.get(waiting, name)?.count);
  if (pending === 0) tables.run('DELETE FROM channels WHERE name = ?', name);
  // Nothing is known of a webhook that nobody uses: when it returns it is tried like a new one.
  else
    tables.run(
      'UPDATE channels SET dead_since = NULL, dead_reason = NULL, last_failure = ? WHERE name = ?',
      absenceTexts[absence],
      name,
    );
  return { name, pending, expired };
};

/** The channels: what is known of each, and how much waits for it. */
export const channelsOn = (tables: Tables) => {
  const { run, all } = tables;
  return {
    getChannel: (name: string): ChannelRow | null => {
      const row = tables.get('SELECT * FROM channels WHERE name = ?', name);
      return row === undefined ? null : channelOf(row as Record<string, SQLInputValue>);
    },
    setChannel: (channel: ChannelRow): void =>
      void run(
        `INSERT OR REPLACE INTO channels
           (name, url_hash, dead_since, dead_reason, next_at, last_sent_at, last_failure) VALUES (?, ?, ?, ?, ?, ?, ?)`,
        channel.name,
        channel.urlHash,
        channel.deadSince === null ? null : Math.round(channel.deadSince),
        channel.deadReason,
        Math.round(channel.nextAt),
        channel.lastSentAt === null ? null : Math.round(channel.lastSentAt),
        channel.lastFailure,
      ),
    /**
     * Only these channels are set up now. What waits for another one goes on waiting, unless it is older than `before`;
     * a channel for which nothing waits is forgotten. Gives those that were left out.
     */
    keepChannels: (
      names: readonly string[],
      rest: { readonly before: number; readonly at: number; readonly absence: ChannelAbsence },
    ): readonly LeftChannel[] =>
      all('SELECT name FROM channels ORDER BY name')
        .map(({ name }) => String(name))
        .filter((name) => !names.includes(name))
        .map((name) => leave(tables, name, rest)),
    channels: (): readonly ChannelFacts[] =>
      all(
        `SELECT c.*, COUNT(d.alert) AS pending, MIN(a.at) AS oldest FROM channels c
           LEFT JOIN deliveries d ON d.channel = c.name AND d.result IS NULL
           LEFT JOIN alerts a ON a.id = d.alert GROUP BY c.name ORDER BY c.name`,
      ).map((row) => ({
        ...channelOf(row as Record<string, SQLInputValue>),
        absence: absenceOf(textOrNull(row.last_failure)),
        pending: Number(row.pending),
        oldestPendingAt: numberOrNull(row.oldest as SQLInputValue),
      })),
  };
};
