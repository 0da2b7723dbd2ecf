import { DatabaseSync } from 'node:sqlite';

/** What version 0.1.0 did not know, by the kind of its state. Taken from its source. */
const unknown: readonly (readonly [kind: string, keys: readonly string[]])[] = [
  [
    'monitor',
    [
      ...['pausedBy', 'untold', 'toldWell', 'ack', 'escalated', 'says', 'clock', 'lastBeat', 'endedWith'],
      ...['stoppedRun', 'halt', 'stop', 'obstacle', 'toStart'],
    ],
  ],
  ['process', ['again', 'earlier']],
];

/**
 * Makes of a journal what version 0.1.0 leaves where it wrote last: a monitor that is put back reads what it knows, writes that,
 * and drops the rest. Its table of durations came later, and since when a bot was ill.
 */
export const asEarlierVersion = (file: string): void => {
  const database = new DatabaseSync(file);
  try {
    for (const [kind, keys] of unknown) {
      const rows = database.prepare('SELECT key, value FROM state WHERE key LIKE ?').all(`${kind}:%`);
      for (const { key, value } of rows) {
        const kept = JSON.parse(String(value)) as Record<string, unknown> | null;
        if (kept === null) continue;
        const left = Object.fromEntries(Object.entries(kept).filter(([name]) => !keys.includes(name)));
        database.prepare('UPDATE state SET value = ? WHERE key = ?').run(JSON.stringify(left), String(key));
      }
    }
    database.exec('DROP TABLE IF EXISTS durations; ALTER TABLE incidents DROP COLUMN ill_since');
  } finally {
    database.close();
  }
};
