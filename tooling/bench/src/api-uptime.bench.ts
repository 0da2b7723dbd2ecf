// Uptime over 90 days from a journal of a million spans, as the API answers it: from the sums of days, beside adding
// up every span.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createApi } from '@sentinel/api';
import { defaultHealthPolicy } from '@sentinel/heartbeat-core';
import { openRecords } from '@sentinel/history';

const dayMs = 86_400_000;
const spans = 1_000_000;
const folder = mkdtempSync(join(tmpdir(), 'sentinel-bench-'));
const file = join(folder, 'sentinel.db');
openRecords(file).close();

const to = Math.floor(Date.now() / dayMs) * dayMs + dayMs / 2;
const from = to - 90 * dayMs;
const step = (to - from) / spans;
const database = new DatabaseSync(file);
database.exec(`
  BEGIN;
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${spans})
  INSERT INTO spans (bot, state, from_at, to_at)
    SELECT 'bot', CASE WHEN i % 10 = 0 THEN 'stale' ELSE 'healthy' END,
           CAST(${from} + i * ${step} AS INTEGER), CAST(${from} + (i + 1) * ${step} AS INTEGER) FROM n;
  INSERT INTO days (bot, day, state, ms)
    SELECT bot, from_at / ${dayMs}, state, SUM(to_at - from_at) FROM spans GROUP BY 1, 2, 3;
  COMMIT;
`);

/** Processor time of this process so far, in ms. A busy machine makes it longer by little, and the wait by much. */
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const wallMs = () => performance.now();

const median = async (work: () => unknown, rounds: number, clock = wallMs) => {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const at = clock();
    await work();
    times.push(clock() - at);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
};

const records = openRecords(file, { readOnly: true });
const every = database.prepare(
  'SELECT state, SUM(to_at - from_at) AS ms FROM spans WHERE bot = ? AND to_at > ? AND from_at < ? GROUP BY state',
);
const api = createApi({
  bots: [{ name: 'bot', file: join(folder, 'none.txt'), policy: defaultHealthPolicy }],
  historyFile: file,
  clock: { now: () => to, monotonic: () => performance.now() },
});
const ask = async (window: string) => {
  const { body } = await api.app.inject(`/api/heartbeat/uptime?window=${window}`);
  if (JSON.parse(body).up_seconds < 1) throw new Error(body);
};
const answers = await median(() => ask('90d'), 21);
const day = await median(() => ask('24h'), 21);
const dayCpu = await median(() => ask('24h'), 21, cpuMs);
const sums = await median(() => records.uptimeByDay('bot', { from, to }), 21);
const plain = await median(() => every.all('bot', from, to), 5);
console.log(
  `the answer for 90 days, with each of its days: ${answers.toFixed(2)} ms (median of 21; wanted: under 20)`,
);
console.log(
  `the answer for 24 hours, with each of its segments: ${day.toFixed(2)} ms, ${dayCpu.toFixed(2)} ms of processor time (median of 21; wanted: at most 10)`,
);
console.log(`uptime of 90 days from the sums of days: ${sums.toFixed(2)} ms (median of 21)`);
console.log(
  `the same by adding up ${spans} spans: ${plain.toFixed(2)} ms (median of 5), ${(plain / sums).toFixed(0)} times as long`,
);
await api.stop();
records.close();
database.close();
rmSync(folder, { recursive: true, force: true });
