// `pnpm soak [minutes]`: the monitor and the API as they ship, with 40 bots that beat five times a second and flap, 20 open streams
// and a scrape of /metrics each second, for an hour unless told otherwise. Prints what both have once a minute, and at the end the slope of their
// memory after a warm-up of ten minutes. Exit code 1: something grows. Linux only.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bareEnv, shipped, shippedApps } from '@sentinel/tooling-shipped';
import { costOf } from './process-cost.ts';
import { startShippedApi } from './shipped-api.ts';

const minutes = Number(process.argv[2] ?? 60);
if (!(minutes > 0)) throw new RangeError(`Expected a number of minutes, found ${process.argv[2]}`);
/** What comes before is the warm-up of the heaps: ten minutes, or a third of a shorter run. */
const warmUpMinutes = Math.min(10, minutes / 3);
const bots = 40;
const streams = 20;
/** The memory of a process may rise by this much, in MB an hour. */
const mostSlope = 1;
/** As their units and the image set it. */
const asInstalled = { MALLOC_ARENA_MAX: '1' };

const say = (line: string) => console.log(line);
const folder = mkdtempSync(join(tmpdir(), 'sentinel-soak-'));
const fileOf = (bot: number) => join(folder, 'logs', `bot-${bot}.txt`);

/** Each minute a bot is well for 30 s, in error for 10 s and silent for 20 s, which is longer than its maximum age. Not all at once. */
const beat = (bot: number, second: number): void => {
  const phase = (second + bot * 7) % 60;
  if (phase >= 40) return;
  const status = phase < 30 ? '✅ Loop' : '❌ Order refused';
  const details = { session_active: true, progress: Math.floor(second * 5) };
  writeFileSync(`${fileOf(bot)}.new`, `${status}\n${new Date().toISOString()}\n${JSON.stringify(details)}\n`);
  renameSync(`${fileOf(bot)}.new`, fileOf(bot));
};

/** MB an hour, by least squares. */
const slopeOf = (points: readonly (readonly [minute: number, mb: number])[]): number => {
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(([minute]) => minute), mean(([, mb]) => mb)];
  const spread = points.reduce((sum, [minute]) => sum + (minute - x) ** 2, 0);
  return (60 * points.reduce((sum, [minute, mb]) => sum + (minute - x) * (mb - y), 0)) / spread;
};

const journalMb = () =>
  readdirSync(join(folder, 'logs'))
    .filter((name) => name.startsWith('sentinel.db'))
    .reduce((sum, name) => sum + statSync(join(folder, 'logs', name)).size, 0) /
  1024 ** 2;

let posts = 0;
const webhook = createServer((request, response) => {
  posts += 1;
  request.resume().on('end', () => response.end('ok'));
});
const listen = async (): Promise<string> => {
  await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/`;
};

type Program = 'monitor' | 'api';
type Row = { readonly minute: number } & Readonly<Record<Program, ReturnType<typeof costOf>>>;

const shown = (row: Row, before: Row | undefined): string => {
  const of = (program: Program) => {
    const { rssMb, descriptors, cpuMs } = row[program];
    const share = (cpuMs - (before?.[program].cpuMs ?? 0)) / ((row.minute - (before?.minute ?? 0)) * 600);
    return `${program} ${rssMb.toFixed(1)} MB, ${descriptors} descriptors, ${share.toFixed(1)} % of a core`;
  };
  return `${row.minute} min: ${of('monitor')}; ${of('api')}; journal ${journalMb().toFixed(1)} MB, ${posts} messages`;
};

/** Whether nothing grows. */
const concluded = (rows: readonly Row[]): boolean => {
  const after = rows.filter(({ minute }) => minute >= warmUpMinutes);
  return (['monitor', 'api'] as const)
    .map((program) => {
      const slope = slopeOf(after.map((row) => [row.minute, row[program].rssMb] as const));
      const counts = after.map((row) => row[program].descriptors);
      const most = Math.max(...after.map((row) => row[program].rssMb));
      say(
        `${program}: ${slope.toFixed(2)} MB an hour after ${warmUpMinutes.toFixed(0)} min (at most ${mostSlope}), at most ${most.toFixed(0)} MB, ${Math.min(...counts)} to ${Math.max(...counts)} descriptors`,
      );
      return slope <= mostSlope;
    })
    .every(Boolean);
};

const startMonitor = (url: string): ChildProcess =>
  spawn(process.execPath, [shipped('monitor'), '--config', 'sentinel.json'], {
    cwd: folder,
    stdio: 'ignore',
    env: bareEnv({ SLACK_WEBHOOK_URL: url, ...asInstalled }),
  });

const run = async (): Promise<boolean> => {
  const monitor = startMonitor(await listen());
  const api = await startShippedApi({ SENTINEL_CONFIG: 'sentinel.json', ...asInstalled }, folder);
  const open = Array.from({ length: streams }, () =>
    get(`${api.url}/api/heartbeat/stream`, (response) => response.resume()),
  );
  const beganAt = performance.now();
  const seconds = () => (performance.now() - beganAt) / 1000;
  const beats = setInterval(() => {
    for (let bot = 0; bot < bots; bot += 1) beat(bot, seconds());
  }, 200);
  /** A connection that the API closes as the next request goes out is no fault: on a busy machine that happens once an hour. */
  const scraped = async () => {
    try {
      await (await fetch(`${api.url}/metrics`)).text();
    } catch (error) {
      say(`a scrape failed: ${error instanceof Error ? (error.cause ?? error) : error}`);
    }
  };
  const scrape = setInterval(() => void scraped(), 1000);
  const rows: Row[] = [];
  try {
    for (let minute = 1; minute <= minutes; minute += 1) {
      await sleep(minute * 60_000 - seconds() * 1000);
      const row = { minute, monitor: costOf(monitor.pid ?? 0), api: costOf(api.pid) };
      say(shown(row, rows.at(-1)));
      rows.push(row);
    }
  } finally {
    clearInterval(beats);
    clearInterval(scrape);
    for (const stream of open) stream.destroy();
    monitor.kill('SIGTERM');
    await Promise.all([api.stop(), new Promise((done) => monitor.once('exit', done))]);
  }
  return concluded(rows);
};

mkdirSync(join(folder, 'logs'));
const listed = Array.from({ length: bots }, (_, bot) => ({
  name: `bot-${bot}`,
  file: fileOf(bot),
  maxAge: '6s',
}));
writeFileSync(join(folder, 'sentinel.json'), JSON.stringify({ bots: listed }));
shippedApps();
try {
  if (!(await run())) process.exitCode = 1;
} finally {
  webhook.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}
