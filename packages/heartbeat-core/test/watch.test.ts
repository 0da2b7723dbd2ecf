import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createHeartbeat, type Reading, watchHeartbeat } from '../src/index.ts';
import { testFolder } from './folder.ts';

const words = (reading: Reading | undefined) =>
  reading?.kind === 'beat' ? reading.record.status : reading?.kind;

test('the present reading, then each other one; the same content again is none', async () => {
  const folder = join(testFolder(), 'logs');
  const file = join(folder, 'status.txt');
  const stop = new AbortController();
  const seen: unknown[] = [];
  const heartbeat = createHeartbeat({ file });
  for await (const reading of watchHeartbeat(file, { signal: stop.signal, pollMs: 20 })) {
    seen.push(words(reading));
    if (seen.length === 1) heartbeat.update('✅ 1');
    if (seen.length === 2) writeFileSync(file, '\0');
    if (seen.length === 3) heartbeat.update('✅ 2');
    if (seen.length === 4) {
      renameSync(folder, `${folder}.old`);
      mkdirSync(folder);
    }
    if (seen.length === 5) heartbeat.update('✅ 3');
    if (seen.length === 6) stop.abort();
  }
  expect(seen).toEqual(['missing', '✅ 1', 'corrupt', '✅ 2', 'missing', '✅ 3']);
  rmSync(folder, { recursive: true });
});

test('the signal ends it while it waits; one that is already given ends it at once', async () => {
  const file = join(testFolder(), 'status.txt');
  const stop = new AbortController();
  const readings = watchHeartbeat(file, { signal: stop.signal, pollMs: 1_000_000 });
  expect(words((await readings.next()).value ?? undefined)).toBe('missing');
  const next = readings.next();
  stop.abort();
  expect(await next).toEqual({ done: true, value: undefined });
  expect(await watchHeartbeat(file, { signal: stop.signal }).next()).toEqual({
    done: true,
    value: undefined,
  });
});

test('a change is seen by its event, without the poll', async () => {
  const file = join(testFolder(), 'status.txt');
  const readings = watchHeartbeat(file, { pollMs: 1_000_000 });
  await readings.next();
  const next = readings.next();
  createHeartbeat({ file }).update('✅ On');
  expect(words((await next).value ?? undefined)).toBe('✅ On');
  await readings.return();
});

test('pollMs must be a time', async () => {
  await expect(watchHeartbeat('x', { pollMs: 0 }).next()).rejects.toThrow('pollMs');
});
