import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundled } from '@sentinel/tooling-vitest/bundled';
import { expect, onTestFinished, test } from 'vitest';
import { createHeartbeat } from '../src/index.ts';
import { testFolder } from './folder.ts';

const kills = 10;
const programs = {
  'beats-without-end': bundled(new URL('fixtures/beats-without-end.ts', import.meta.url)),
  'reads-without-end': bundled(new URL('fixtures/reads-without-end.ts', import.meta.url)),
};
const start = (name: keyof typeof programs, file: string): ChildProcess => {
  const child = fork(programs[name], [file], { execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
};
const kill = async (child: ChildProcess) => {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
};

type Seen = { reads: number; instances: number; bad: string[] };

test('eight writers, one killed over and over, and four readers: nothing torn, nothing left', {
  timeout: 120_000,
}, async () => {
  const folder = testFolder();
  const file = join(folder, 'status.txt');
  const writers = Array.from({ length: 8 }, () => start('beats-without-end', file));
  while (!existsSync(file)) await sleep(5);
  const readers = Array.from({ length: 4 }, () => start('reads-without-end', file));
  // The kills count, not the time between them: a writer beats within milliseconds of its start.
  for (let n = 0; n < kills; n += 1) {
    await sleep(150 + Math.random() * 150);
    const at = n % writers.length;
    await kill(writers[at] as ChildProcess);
    writers[at] = start('beats-without-end', file);
  }
  const results = await Promise.all(
    readers.map(async (reader) => {
      const told = once(reader, 'message');
      reader.send('end');
      return (await told)[0] as Seen;
    }),
  );
  await Promise.all(writers.map(kill));
  for (const { bad, reads } of results) {
    expect(bad).toEqual([]);
    expect(reads).toBeGreaterThan(0);
  }
  expect(Math.max(...results.map(({ instances }) => instances))).toBeGreaterThan(1);
  createHeartbeat({ file }).update('✅ The next start');
  expect(readdirSync(folder)).toEqual(['status.txt']);
});
