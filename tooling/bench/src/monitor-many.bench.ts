// What it costs to watch many bots that each beat every ten seconds, in one process; beside a process that reads each of
// the same files once in the same ten seconds and does nothing else.
// `node ... monitor-many.bench.ts [bots] [seconds]`, 10,000 and 40 unless told otherwise.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const many = Number(process.argv[2] ?? 10_000);
const seconds = Number(process.argv[3] ?? 40);
const everyMs = 10_000;
const sliceMs = 50;
const say = (line: string) => console.log(line);
const root = mkdtempSync(join(tmpdir(), 'sentinel-many-'));
for (let index = 0; index < 100; index += 1) mkdirSync(join(root, String(index)));
const files = Array.from({ length: many }, (_, index) => join(root, String(index % 100), `${index}.txt`));

let progress = 0;
const beat = (file: string) => {
  progress += 1;
  const details = { session_active: true, instance: 'a', progress };
  writeFileSync(`${file}.tmp`, `✅ On\n${new Date().toISOString()}\n${JSON.stringify(details)}\n`);
  renameSync(`${file}.tmp`, file);
};

type Cost = { readonly cpuMs: number; readonly rssMb: number };

files.forEach(beat);
const child = fork(join(import.meta.dirname, 'fixtures/watches-many.ts'), [root, String(many)]);
const cost = async (): Promise<Cost> => {
  child.send('cost');
  const [answer] = (await once(child, 'message')) as [Cost];
  return answer;
};
const perSlice = Math.ceil((many * sliceMs) / everyMs);
/** Beats for so long, in an even stream. */
const beatFor = async (ms: number) => {
  const begun = performance.now();
  for (let at = 0; performance.now() - begun < ms; at = (at + perSlice) % many) {
    for (const file of files.slice(at, at + perSlice)) beat(file);
    const due = begun + (Math.floor((performance.now() - begun) / sliceMs) + 1) * sliceMs;
    await sleep(Math.max(0, due - performance.now()));
  }
};

try {
  const first = await cost();
  // Starting to watch is not what is asked.
  await beatFor(everyMs);
  const before = await cost();
  await beatFor(seconds * 1000);
  const after = await cost();
  const share = (after.cpuMs - before.cpuMs) / (seconds * 1000);
  const started = process.cpuUsage();
  for (let round = 0; round < 3; round += 1) for (const file of files) readFileSync(file, 'utf8');
  const { user, system } = process.cpuUsage(started);
  const floor = (user + system) / 1000 / 3 / everyMs;
  say(
    `${many} bots that beat every ${everyMs / 1000} s: start ${(first.cpuMs / 1000).toFixed(1)} s of processor time`,
  );
  say(
    `the monitor                ${share.toFixed(2)} of a core (wanted: at most 0.50)   ${after.rssMb.toFixed(0)} MB`,
  );
  say(`reading the files alone    ${floor.toFixed(2)} of a core; ratio ${(share / floor).toFixed(1)}`);
} finally {
  child.disconnect();
  if (child.exitCode === null) await once(child, 'exit');
  rmSync(root, { recursive: true, force: true });
}
