// What a monitor costs a bot, with 100, 1,000 and 10,000 of them that beat every ten seconds: memory over a monitor of one
// bot, the processor time of the start, and that of ten seconds. The exponent says how a figure grows: 1 is in step with the
// number of bots, 2 with its square.
// `node ... monitor-growth.bench.ts [most]`, 10,000 unless told otherwise.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

type Cost = { readonly cpuMs: number; readonly rssMb: number };
type Row = {
  readonly bots: number;
  readonly rssMb: number;
  readonly startMs: number;
  readonly beatMs: number;
};

const most = Number(process.argv[2] ?? 10_000);
const everyMs = 10_000;

const beat = (file: string, progress: number) => {
  const details = { session_active: true, instance: 'a', progress };
  writeFileSync(`${file}.tmp`, `✅ On\n${new Date().toISOString()}\n${JSON.stringify(details)}\n`);
  renameSync(`${file}.tmp`, file);
};

const measure = async (bots: number): Promise<Row> => {
  const root = mkdtempSync(join(tmpdir(), 'sentinel-growth-'));
  for (let index = 0; index < 100; index += 1) mkdirSync(join(root, String(index)));
  const files = Array.from({ length: bots }, (_, index) => join(root, String(index % 100), `${index}.txt`));
  for (const file of files) beat(file, 0);
  const child = fork(join(import.meta.dirname, 'fixtures/watches-many.ts'), [root, String(bots)]);
  const cost = async (): Promise<Cost> => {
    child.send('cost');
    const [answer] = (await once(child, 'message')) as [Cost];
    return answer;
  };
  const beats = async (progress: number) => {
    for (let at = 0; at < bots; at += Math.ceil(bots / 100)) {
      for (const file of files.slice(at, at + Math.ceil(bots / 100))) beat(file, progress);
      await sleep(everyMs / 100);
    }
  };
  try {
    const begun = await cost();
    await beats(1);
    const before = await cost();
    await beats(2);
    const after = await cost();
    return { bots, rssMb: after.rssMb, startMs: begun.cpuMs, beatMs: after.cpuMs - before.cpuMs };
  } finally {
    child.disconnect();
    if (child.exitCode === null) await once(child, 'exit');
    rmSync(root, { recursive: true, force: true });
  }
};

const one = await measure(1);
const rows: Row[] = [];
for (let bots = 100; bots <= most; bots *= 10) rows.push(await measure(bots));

const over = (key: Exclude<keyof Row, 'bots'>, row: Row) => Math.max(row[key] - one[key], 0.001);
console.log(`one bot: ${one.rssMb.toFixed(0)} MB, start ${one.startMs.toFixed(0)} ms of processor time`);
for (const row of rows)
  console.log(
    `${String(row.bots).padStart(6)} bots: ${row.rssMb.toFixed(0).padStart(4)} MB, ${((over('rssMb', row) * 1024) / row.bots).toFixed(1).padStart(6)} kB a bot; start ${(over('startMs', row) / row.bots).toFixed(2)} ms a bot; ten seconds of beats ${(row.beatMs / row.bots).toFixed(2)} ms a bot`,
  );
const [first, last] = [rows[0], rows.at(-1)];
if (first !== undefined && last !== undefined && first !== last)
  for (const key of ['rssMb', 'startMs', 'beatMs'] as const)
    console.log(
      `exponent of ${key} from ${first.bots} to ${last.bots} bots: ${(Math.log(over(key, last) / over(key, first)) / Math.log(last.bots / first.bots)).toFixed(2)}`,
    );
