import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ListQuery, listBeats, listIncidents } from './record-lists.ts';
import { prepareTables } from './record-schema.ts';
import { type Tables, tablesOf } from './tables.ts';

let database: DatabaseSync;
beforeEach(() => {
  database = new DatabaseSync(':memory:');
  prepareTables(database);
});
afterEach(() => database.close());

const insert = (id: number, bot: string, at: number) => {
  database.prepare("INSERT INTO beats VALUES (?, ?, ?, 'healthy', '✅', 1, NULL, NULL)").run(id, bot, at);
  database.prepare("INSERT INTO incidents VALUES (?, ?, ?, NULL, 'stale', '', NULL)").run(id, bot, at);
};

/** How SQLite goes about the list that `ask` makes. */
const planOf = (ask: (tables: Tables) => unknown): string => {
  const asked: string[] = [];
  const { all, ...tables } = tablesOf(database);
  ask({
    ...tables,
    all: (sql, ...values) => {
      asked.push(sql);
      return all(sql, ...values);
    },
  });
  const sql = asked.find((each) => each.includes('ORDER BY') && !each.includes('incident_notes'));
  return database
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...(sql?.match(/\?/g) ?? []).map(() => 1))
    .map(({ detail }) => detail)
    .join('; ');
};

const queries: readonly Omit<ListQuery, 'limit'>[] = [
  {},
  { before: 9 },
  { bot: 'bot', before: 9 },
  { until: 5 },
  { bot: 'bot', until: 5 },
  { bot: 'bot', since: 5 },
  { bot: 'bot', since: 1, until: 5 },
  { bot: 'bot', until: 5, before: 9 },
];

describe('however much there is, a page reads no row that it does not tell', () => {
  test.each(queries)('%j', (query) => {
    const plan = planOf((asked) => listBeats(asked, { ...query, limit: 5 }));
    expect(plan).not.toContain('TEMP B-TREE');
    const byTime = query.since !== undefined || query.until !== undefined;
    if (byTime)
      expect(plan).toMatch(
        query.bot === undefined ? /beats_by_time \(at/ : /beats_by_bot_and_time \(bot=\? AND/,
      );
  });
  test('nor does one of incidents', () => {
    const plan = planOf((asked) => listIncidents(asked, { bot: 'bot', until: 5, limit: 5 }));
    expect(plan).not.toContain('TEMP B-TREE');
    expect(plan).toContain('incidents_by_bot_and_time (bot=? AND started_at<?)');
  });
});

test('pages of a span join without a gap, also where a clock was set back', () => {
  for (const [index, at] of [10, 20, 30, 15, 25, 30, 40].entries()) insert(index + 1, 'bot', at);
  insert(8, 'other', 26);
  const seen: number[] = [];
  let before: number | undefined;
  do {
    const page = listBeats(tablesOf(database), { bot: 'bot', until: 40, before, limit: 2 });
    seen.push(...page.map(({ id }) => id));
    before = page.at(-1)?.id;
  } while (before !== undefined);
  expect(seen).toEqual([6, 3, 5, 2, 4, 1]);
  expect(listIncidents(tablesOf(database), { since: 26, until: 40, limit: 9 }).map(({ id }) => id)).toEqual([
    6, 3, 8,
  ]);
});

test('a row with a number that cannot be right takes no place in a page', () => {
  for (const at of [10, 20, 30]) insert(at, 'bot', at);
  const broken = [9223372036854775807n, 9007199254740993n, -9223372036854775807n];
  for (const value of broken) {
    database.prepare("INSERT INTO beats VALUES (?, 'bot', 15, 'stale', '', 1, NULL, NULL)").run(value);
    database.prepare("INSERT INTO beats VALUES (NULL, 'bot', ?, 'stale', '', 1, NULL, NULL)").run(value);
    database.prepare("INSERT INTO beats VALUES (NULL, 'bot', 15, 'stale', '', 1, NULL, ?)").run(value);
    database.prepare("INSERT INTO incidents VALUES (NULL, 'bot', ?, NULL, 'stale', '', NULL)").run(value);
    database.prepare("INSERT INTO incident_notes VALUES (NULL, 20, ?, 'restart', '')").run(value);
  }
  const ids = (rows: readonly { readonly id: number }[]) => rows.map(({ id }) => id);
  expect(ids(listBeats(tablesOf(database), { bot: 'bot', limit: 3 }))).toEqual([30, 20, 10]);
  expect(ids(listBeats(tablesOf(database), { since: 0, limit: 3 }))).toEqual([30, 20, 10]);
  expect(ids(listIncidents(tablesOf(database), { limit: 3 }))).toEqual([30, 20, 10]);
});

test('a text that somebody else wrote is as long as ours are', () => {
  database.exec("INSERT INTO beats VALUES (1, 'bot', 1, 'healthy', hex(zeroblob(1000000)), 1, NULL, NULL)");
  expect(listBeats(tablesOf(database), { limit: 1 })[0]?.status).toHaveLength(4000);
});
