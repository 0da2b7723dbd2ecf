import type { DatabaseSync } from 'node:sqlite';
import type { Closed } from '../broker/broker.ts';

export type DayResult = {
  readonly closed: number;
  readonly won: number;
  readonly lost: number;
  readonly profit: number;
};

/** Closed positions that were reported, by the broker's number: each is counted and reported once. */
export const resultsOf = (database: DatabaseSync) => {
  const add = database.prepare('INSERT INTO results VALUES (?, ?, ?) ON CONFLICT (seq) DO NOTHING');
  const last = database.prepare('SELECT coalesce(max(seq), 0) n FROM results');
  const sum = database.prepare(
    `SELECT count(*) closed, coalesce(sum(profit > 0), 0) won, coalesce(sum(profit < 0), 0) lost,
       coalesce(round(sum(profit), 2), 0) profit FROM results WHERE day = ?`,
  );
  return {
    add: ({ seq, profit }: Closed, day: string) => void add.run(seq, day, profit),
    last: (): number => (last.get() as { n: number }).n,
    of: (day: string): DayResult => sum.get(day) as DayResult,
  };
};
