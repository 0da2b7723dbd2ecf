import type { DatabaseSync } from 'node:sqlite';

/** Signals that were dealt with, whatever came of them: each is traded or rejected once, also over restarts. */
export const signalsOf = (database: DatabaseSync) => {
  const find = database.prepare('SELECT 1 FROM signals WHERE id = ?');
  const add = database.prepare('INSERT INTO signals VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING');
  const prune = database.prepare('DELETE FROM signals WHERE at < ?');
  return {
    seen: (id: string): boolean => find.get(id) !== undefined,
    /** False when it was there already. */
    remember: (id: string, at: number, outcome: string): boolean => add.run(id, at, outcome).changes === 1,
    /** Forgets what is older: such a signal is refused for its age anyway. */
    forget: (before: number) => void prune.run(before),
  };
};
