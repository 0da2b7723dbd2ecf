// `GET /api/heartbeat/status` under wrk at 64 connections, beside a bare node:http server and Flask,
// each in a process of its own, one after the other, in turns. The best round of each counts:
// what else the machine does can only slow a round down.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHeartbeat } from '@sentinel/heartbeat-core';
import { startShippedApi } from './shipped-api.ts';

const say = (line: string) => console.log(line);
const here = import.meta.dirname;
const folder = mkdtempSync(join(tmpdir(), 'sentinel-bench-'));
const file = join(folder, 'heartbeat_status.txt');
const seconds = 3;
const rounds = 6;
/** Flask is slower by far: it needs no close race. */
const slowRounds = 2;

type Running = { readonly url: string; readonly stop: () => Promise<void> };
type Server = {
  readonly name: string;
  readonly path: string;
  /** `null`: it cannot run here. */
  readonly start: () => Promise<Running | null>;
  readonly slow?: true;
};
type Figure = { readonly perSecond: number; readonly p99: number };

/** A program that prints its address as its first line. */
const startProgram =
  (program: string, ...args: string[]) =>
  async (): Promise<Running | null> => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    const gone = once(child, 'exit').then(() => null);
    const url = new Promise<string>((resolve) =>
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith('http://')) resolve(line);
      }),
    );
    const found = await Promise.race([url, gone]);
    if (found === null) return null;
    const stop = async () => {
      child.kill('SIGKILL');
      await gone;
    };
    return { url: found, stop };
  };

const path = '/api/heartbeat/status';
const servers = (size: number): readonly Server[] => [
  {
    name: 'bare node:http',
    path: '/',
    start: startProgram(process.execPath, join(here, 'fixtures/bare-http.ts'), String(size)),
  },
  { name: 'sentinel-api', path, start: () => startShippedApi({ HEARTBEAT_STATUS_FILE: file }, folder) },
  {
    name: 'Flask',
    slow: true,
    path,
    start: startProgram('/usr/bin/python3', join(here, 'fixtures/flask_status.py'), file),
  },
];

const milliseconds = (text: string) => {
  const [, value, unit] = /([\d.]+)(us|ms|s)/.exec(text) ?? [];
  return Number(value) * (unit === 'us' ? 0.001 : unit === 's' ? 1000 : 1);
};

/** Flask names its address before it listens. */
const answers = async (url: string): Promise<void> => {
  for (;;) {
    const ok = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await sleep(50);
  }
};

const measure = async ({ path, start }: Server): Promise<Figure | null> => {
  const running = await start();
  if (running === null) return null;
  await answers(running.url + path);
  const wrk = spawn('wrk', ['-t1', '-c64', `-d${seconds}s`, '--latency', running.url + path]);
  let text = '';
  wrk.stdout.on('data', (data) => {
    text += data;
  });
  await once(wrk, 'exit');
  await running.stop();
  if (/Non-2xx/.test(text)) throw new Error(text);
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]),
    p99: milliseconds(/99%\s+(\S+)/.exec(text)?.[1] ?? ''),
  };
};

if (spawnSync('wrk', ['--version']).error !== undefined) {
  say('skipped: wrk is not installed (Debian: wrk)');
} else {
  const bot = createHeartbeat({ file });
  bot.update('✅ Heartbeat active - Signal validation in progress', true);
  const beats = setInterval(() => bot.update('✅ Heartbeat active - Signal validation in progress'), 1000);
  const api = await startShippedApi({ HEARTBEAT_STATUS_FILE: file }, folder);
  const size = Buffer.byteLength(await (await fetch(api.url + path)).text());
  await api.stop();
  const figures = new Map<string, Figure[]>();
  for (let round = 0; round < rounds; round += 1)
    for (const server of servers(size)) {
      if (server.slow && round >= slowRounds) continue;
      const figure = await measure(server);
      if (figure === null) say(`${server.name} did not start (Flask: Debian's python3-flask)`);
      else figures.set(server.name, [...(figures.get(server.name) ?? []), figure]);
    }
  clearInterval(beats);
  const best = (name: string) => figures.get(name)?.toSorted((a, b) => b.perSecond - a.perSecond)[0];
  const bare = best('bare node:http');
  for (const { name } of servers(size)) {
    const figure = best(name);
    if (figure === undefined || bare === undefined) continue;
    const share = Math.round((figure.perSecond / bare.perSecond) * 1000) / 10;
    say(
      `${name}: ${Math.round(figure.perSecond)} requests/s (${share} % of bare node:http), p99 ${figure.p99} ms`,
    );
  }
}
rmSync(folder, { recursive: true, force: true });
