// A change of the status file until it has reached 1,000 open streams, beside one lone stream.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHeartbeat } from '@sentinel/heartbeat-core';
import { type EventStream, openStream } from '../../../packages/api/test/event-stream.ts';
import { startShippedApi } from './shipped-api.ts';

const folder = mkdtempSync(join(tmpdir(), 'sentinel-bench-'));
const file = join(folder, 'heartbeat_status.txt');
const bot = createHeartbeat({ file });
const rounds = 30;

/** How long each change took to each stream, in ms, in rising order. */
const delays = async (url: string, count: number): Promise<readonly number[]> => {
  const streams: EventStream[] = [];
  while (streams.length < count) {
    const some = Math.min(50, count - streams.length);
    streams.push(...(await Promise.all(Array.from({ length: some }, () => openStream(url)))));
  }
  const found: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const status = `✅ ${count} streams, change ${round}`;
    const at = performance.now();
    bot.update(status);
    const arrivals = () =>
      streams.flatMap(
        ({ events }) =>
          events.findLast(({ event, data }) => event === 'status' && data.status === status)?.at ?? [],
      );
    while (arrivals().length < count) await sleep(20);
    found.push(...arrivals().map((arrival) => arrival - at));
  }
  for (const stream of streams) stream.close();
  return found.toSorted((a, b) => a - b);
};

bot.update('✅ begin');
const server = await startShippedApi({ HEARTBEAT_STATUS_FILE: file }, folder);
const figures = new Map<number, number>();
for (const count of [1, 1000]) {
  const all = await delays(`${server.url}/api/heartbeat/stream`, count);
  const at = (share: number) => all[Math.min(all.length - 1, Math.floor(all.length * share))] ?? 0;
  figures.set(count, at(0.99));
  console.log(
    `${count} streams: median ${at(0.5).toFixed(1)} ms, p99 ${at(0.99).toFixed(1)} ms, most ${at(1).toFixed(1)} ms`,
  );
}
console.log(
  `p99 of 1,000 beside one: ${((figures.get(1000) ?? 0) / (figures.get(1) ?? 1)).toFixed(1)} times`,
);
await server.stop();
rmSync(folder, { recursive: true, force: true });
