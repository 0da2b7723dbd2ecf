// What `/metrics` takes with 20,000 incidents in the journal. In processor time too: a busy machine only adds to the other.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createApi } from '@sentinel/api';
import { defaultHealthPolicy } from '@sentinel/heartbeat-core';
import { openRecords } from '@sentinel/history';

const incidents = 20_000;
const rounds = 31;
const folder = mkdtempSync(join(tmpdir(), 'sentinel-bench-'));
const file = join(folder, 'sentinel.db');
openRecords(file).close();
const database = new DatabaseSync(file);
const from = Date.now() - 300 * 86_400_000;
database.exec(`
  BEGIN;
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${incidents})
  INSERT INTO incidents (bot, started_at, ended_at, state, reason)
    SELECT 'bot', ${from} + i * 1000000, ${from} + i * 1000000 + 60000, 'stale', 'no beat' FROM n;
  INSERT INTO incident_notes (incident, at, kind, text) SELECT id, started_at, 'unhealthy', 'bot is stale' FROM incidents;
  COMMIT;
`);
database.close();

const api = createApi({
  bots: [{ name: 'bot', file: join(folder, 'none.txt'), policy: defaultHealthPolicy }],
  historyFile: file,
});
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const took: number[] = [];
const used: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  const [at, before] = [performance.now(), cpuMs()];
  const { statusCode, body } = await api.app.inject('/metrics');
  took.push(performance.now() - at);
  used.push(cpuMs() - before);
  if (statusCode !== 200 || !body.includes(String(incidents))) throw new Error(body);
}
console.log(
  `/metrics with ${incidents} incidents: ${median(took).toFixed(2)} ms, ${median(used).toFixed(2)} ms of processor time (median of ${rounds}; wanted: at most 10); the first one ${(took[0] ?? 0).toFixed(1)} ms`,
);
await api.stop();
rmSync(folder, { recursive: true, force: true });
