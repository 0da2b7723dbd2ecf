import type { DatabaseSync } from 'node:sqlite';
import { transaction } from './database.ts';

/** When signals first showed that are not dealt with yet. Those that are dealt with are known elsewhere. */
export const firstSeenOf = (database: DatabaseSync) => {
  const find = database.prepare('SELECT at FROM first_seen WHERE id = ?');
  const dealtWith = database.prepare('SELECT 1 FROM signals WHERE id = ?');
  const add = database.prepare('INSERT INTO first_seen VALUES (?, ?) ON CONFLICT (id) DO NOTHING');
  const prune = database.prepare('DELETE FROM first_seen WHERE at < ?');
  const timeOf = (id: string) => (find.get(id) as { at: number } | undefined)?.at;
  return {
    /** When each was first asked for here: one that is new is noted down with `now`. */
    of: (ids: readonly string[], now: number): ReadonlyMap<string, number> => {
      const fresh = ids.filter((id) => timeOf(id) === undefined && dealtWith.get(id) === undefined);
      // One commit for all: each has to reach the disk.
      if (fresh.length > 0)
        transaction(database, () => {
          for (const id of fresh) add.run(id, now);
        });
      return new Map(ids.map((id) => [id, timeOf(id) ?? now]));
    },
    forget: (before: number) => void prune.run(before),
  };
};
