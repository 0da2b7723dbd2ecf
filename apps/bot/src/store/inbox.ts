import type { DatabaseSync } from 'node:sqlite';

/** Signals that came by webhook, kept until the loop has dealt with them: an accepted one survives a crash. */
export const inboxOf = (database: DatabaseSync) => {
  const add = database.prepare('INSERT INTO inbox (at, body) VALUES (?, ?)');
  const list = database.prepare('SELECT seq, at, body FROM inbox ORDER BY seq LIMIT 100');
  const remove = database.prepare('DELETE FROM inbox WHERE seq = ?');
  const count = database.prepare('SELECT count(*) n FROM inbox');
  return {
    add: (body: unknown, at: number) => void add.run(at, JSON.stringify(body)),
    list: () =>
      (list.all() as { seq: number; at: number; body: string }[]).map(({ seq, at, body }) => ({
        seq,
        at,
        body: JSON.parse(body) as unknown,
      })),
    remove: (seq: number) => void remove.run(seq),
    count: (): number => (count.get() as { n: number }).n,
  };
};
