import type { DatabaseSync } from 'node:sqlite';
import { transaction } from './database.ts';

/** The outcome of a signal whose order is no longer known, and that nothing but this keeps from being traded again. */
export const tradedForGood = 'traded';

const day = 24 * 60 * 60 * 1000;

/** Signals that were dealt with, whatever came of them: each is traded or rejected once, also over restarts. */
export const signalsOf = (database: DatabaseSync) => {
  // The record of orders outlives this list: what was ordered is never ordered again as long as its order is known.
  const find = database.prepare(
    'SELECT 1 FROM signals WHERE id = ? UNION ALL SELECT 1 FROM orders WHERE signal_id = ?',
  );
  const add = database.prepare('INSERT INTO signals VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING');
  const stale = database.prepare('SELECT 1 FROM signals WHERE id = ? AND at < ?');
  const refresh = database.prepare('UPDATE signals SET at = ? WHERE id = ?');
  const prune = database.prepare(`DELETE FROM signals WHERE at < ? AND outcome <> '${tradedForGood}'`);
  return {
    seen: (id: string): boolean => find.get(id, id) !== undefined,
    /** False when it was there already. */
    remember: (id: string, at: number, outcome: string): boolean => add.run(id, at, outcome).changes === 1,
    /** Notes that these are still in the source, so that they are not forgotten. Writes once a day for each. */
    stillThere: (ids: readonly string[], now: number): void => {
      const due = ids.filter((id) => stale.get(id, now - day) !== undefined);
      if (due.length === 0) return;
      transaction(database, () => {
        for (const id of due) refresh.run(now, id);
      });
    },
    /** Forgets those that were in no source since. What was ordered is still known by its order. */
    forget: (before: number) => void prune.run(before),
  };
};
