import type { DatabaseSync } from 'node:sqlite';
import type { Closed } from '../broker/broker.ts';

export type DayResult = {
  readonly closed: number;
  readonly won: number;
  readonly lost: number;
  readonly profit: number;
};

/** Closed positions that were reported, by the number in their broker's account: each is counted and reported once. */
export const resultsOf = (database: DatabaseSync) => {
  const adopt = database.prepare("UPDATE results SET book = ? WHERE book = ''");
  const add = database.prepare('INSERT INTO results VALUES (?, ?, ?, ?) ON CONFLICT (book, seq) DO NOTHING');
  const last = database.prepare('SELECT coalesce(max(seq), 0) n FROM results WHERE book = ?');
  const sum = database.prepare(
    `SELECT count(*) closed, coalesce(sum(profit > 0), 0) won, coalesce(sum(profit < 0), 0) lost,
       coalesce(round(sum(profit), 2), 0) profit FROM results WHERE day = ?`,
  );
  // The last of each account stays, or everything in that account would be reported once more.
  const prune = database.prepare(
    `DELETE FROM results WHERE day < ?
       AND seq < (SELECT max(seq) FROM results newest WHERE newest.book = results.book)`,
  );
  return {
    /** Results from before accounts were told apart belong to the account in use. */
    adopt: (account: string) => void adopt.run(account),
    add: (account: string, { seq, profit }: Pick<Closed, 'seq' | 'profit'>, day: string) =>
      void add.run(account, seq, day, profit),
    last: (account: string): number => (last.get(account) as { n: number }).n,
    of: (day: string): DayResult => sum.get(day) as DayResult,
    prune: (beforeDay: string) => void prune.run(beforeDay),
  };
};
