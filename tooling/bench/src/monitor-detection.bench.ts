// How late a silence is found: from the deadline of the last beat to the alert that is dispatched and to the restart
// command that runs, with one bot and with many in one process; beside a loop that looks once a second.
// `node ... monitor-detection.bench.ts [bots]`, 10,000 unless told otherwise.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultHealthPolicy } from '@sentinel/heartbeat-core';
import { openStore } from '@sentinel/history';
import { type BotOptions, defaultRestartPolicy, startMonitor } from '@sentinel/monitor';

const many = Number(process.argv[2] ?? 10_000);
const say = (line: string) => console.log(line);
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const root = mkdtempSync(join(tmpdir(), 'sentinel-detection-'));

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ??
  Number.NaN;
const row = (name: string, late: readonly number[]) =>
  say(
    `${name.padEnd(50)} p50 ${percentile(late, 0.5).toFixed(1).padStart(7)} ms   p99 ${percentile(late, 0.99).toFixed(1).padStart(7)} ms   (${late.length})`,
  );

/** One beat, replaced whole, without a process id: what the monitor would end is this benchmark. */
const beat = (file: string, run: number) => {
  const details = { session_active: true, instance: `run-${run}` };
  writeFileSync(`${file}.tmp`, `✅ On\n${new Date().toISOString()}\n${JSON.stringify(details)}\n`);
  renameSync(`${file}.tmp`, file);
  return performance.now();
};

const botOf = (name: string, file: string, maxAgeMs: number, command?: string): BotOptions => ({
  name,
  file,
  health: { ...defaultHealthPolicy, maxAgeMs },
  restart: {
    ...defaultRestartPolicy,
    enabled: command !== undefined,
    graceMs: 60_000,
    most: 1000,
    backoffMs: 1,
    longestBackoffMs: 1,
    settleMs: 0,
  },
  marketHours: null,
  // These beats name no process: nothing has to be ended before the command.
  ...(command === undefined ? {} : { command, commandEndsBot: true }),
});

const start = (name: string, bots: readonly BotOptions[], alerted: (bot: string, at: number) => void) => {
  const store = openStore(join(root, name, 'sentinel.db'));
  const monitor = startMonitor({
    bots,
    intervalMs: 60_000,
    store,
    notifier: {
      notify: ({ kind, bot }) => {
        if (kind === 'unhealthy') alerted(bot, performance.now());
      },
    },
    log: silent,
  });
  return async () => {
    await monitor.stop();
    store.close();
  };
};

const one = async () => {
  const maxAgeMs = 400;
  const folder = join(root, 'one');
  mkdirSync(folder);
  const file = join(folder, 'status.txt');
  const started = join(folder, 'started');
  const late: number[] = [];
  const lateRestart: number[] = [];
  let told = 0;
  const stop = start('one', [botOf('one', file, maxAgeMs, `date +%s%N >>"${started}"`)], (_bot, at) => {
    told = at;
  });
  const lines = () => {
    try {
      return readFileSync(started, 'utf8').trim().split('\n');
    } catch {
      return [];
    }
  };
  for (let run = 0; run < 60; run += 1) {
    // The first beat of a run ends the outage before it; the second is the last that comes.
    beat(file, run);
    await sleep(120);
    told = 0;
    const before = lines().length;
    const at = beat(file, run);
    const wall = performance.timeOrigin + at;
    while (told === 0 || lines().length === before) await sleep(2);
    late.push(told - at - maxAgeMs);
    lateRestart.push(Number(lines().at(-1)) / 1e6 - wall - maxAgeMs);
  }
  await stop();
  row('one bot, alert dispatched (wanted: p99 50)', late);
  row('one bot, restart command runs (wanted: p99 50)', lateRestart);
};

const polled = async () => {
  const maxAgeMs = 400;
  const file = join(root, 'polled.txt');
  const late: number[] = [];
  let last = beat(file, 0);
  let told = false;
  const timer = setInterval(() => {
    const age = performance.now() - last;
    if (!told && age >= maxAgeMs) {
      told = true;
      late.push(age - maxAgeMs);
    }
  }, 1000);
  for (let run = 0; run < 15; run += 1) {
    await sleep(Math.random() * 1000);
    last = beat(file, run);
    told = false;
    while (!told) await sleep(5);
  }
  clearInterval(timer);
  row('a loop that looks once a second', late);
};

const startedBy = (file: string) => `${file}.started`;

const crowd = async () => {
  const maxAgeMs = 20_000;
  const spreadMs = 15_000;
  const bots: BotOptions[] = [];
  for (let index = 0; index < many; index += 1) {
    const folder = join(root, 'many', String(index % 100));
    if (index < 100) mkdirSync(folder, { recursive: true });
    const file = join(folder, `${index}.txt`);
    // Not for all of them: what ten thousand shells take is no matter of the monitor's.
    const command = index % 100 === 50 ? `date +%s%N >"${startedBy(file)}"` : undefined;
    bots.push(botOf(`bot-${index}`, file, maxAgeMs, command));
  }
  const begun = performance.now();
  const beatAt = new Map<string, number>();
  const late: number[] = [];
  for (const { file } of bots) beat(file, 0);
  const stop = start('many', bots, (bot, at) => {
    const last = beatAt.get(bot);
    if (last !== undefined) late.push(at - last - maxAgeMs);
  });
  say(`${many} bots: watched after ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  const perSlice = Math.ceil(many / (spreadMs / 50));
  for (let index = 0; index < many; ) {
    for (const { name, file } of bots.slice(index, index + perSlice)) beatAt.set(name, beat(file, 1));
    index += perSlice;
    await sleep(50);
  }
  const deadline = performance.now() + 120_000;
  const restarted = bots.filter(({ command }) => command !== undefined);
  const done = () => late.length >= many && restarted.every(({ file }) => existsSync(startedBy(file)));
  while (!done() && performance.now() < deadline) await sleep(200);
  await stop();
  const lateRestart = restarted
    .filter(({ file }) => existsSync(startedBy(file)))
    .map(({ name, file }) => {
      const at = Number(readFileSync(startedBy(file), 'utf8')) / 1e6 - performance.timeOrigin;
      return at - (beatAt.get(name) ?? 0) - maxAgeMs;
    });
  row(`${many} bots, alert dispatched (wanted: p99 250)`, late);
  row(`${many} bots, restart command runs (wanted: p99 250)`, lateRestart);
  if (late.length < many) say(`${many - late.length} were not found within two minutes`);
};

try {
  await one();
  await polled();
  await crowd();
} finally {
  rmSync(root, { recursive: true, force: true });
}
