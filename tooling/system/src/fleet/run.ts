// Hosts of a real fleet die during each fault in turn, again and again:
//   node tooling/system/src/fleet/run.ts PROGRAM [MINUTES] [SEED] [WORDS OF A FAULT]
// PROGRAM is dist/index.js of the monitor as it is laid out; `HOSTS,OBSERVERS` are two, of two versions. It needs root, `nats-server` and `ip`; nothing of it shows outside
// of its box. Its last lines are the counts; the exit code is 1 if one of them is wrong.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createRandom } from '@sentinel/tooling-simulate/random';
import { boxed } from '../box.ts';
import { faults } from './faults.ts';
import { startFleet } from './fleet.ts';
import { playRound, type RoundResult } from './rounds.ts';

const [, , program, minutes = '10', seed = '1', words = ''] = process.argv;
const inside = process.env['SENTINEL_FLEET_FOLDER'];

const percentile = (sorted: readonly number[], share: number): string =>
  `${((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) / 1000).toFixed(1)} s`;

/** One line for a fault, or for all of them. */
const lineOf = (name: string, results: readonly RoundResult[]): string => {
  const sum = (count: (result: RoundResult) => number) => results.reduce((all, one) => all + count(one), 0);
  const took = results.flatMap(({ tookMs }) => tookMs).sort((one, other) => one - other);
  return [
    `${name}: ${sum(({ deaths }) => deaths)} deaths, ${sum(({ stalls }) => stalls)} stalls`,
    `lost ${sum(({ lost }) => lost.length)}, doubled ${sum(({ doubled }) => doubled.length)}, false or restarted ${sum(({ wrong }) => wrong.length)}, late ${sum(({ late }) => late.length)}`,
    `told after ${percentile(took, 0.5)} (p50), ${percentile(took, 0.99)} (p99)`,
  ].join('; ');
};

const play = async (folder: string): Promise<number> => {
  const random = createRandom(Number(seed));
  const chosen = faults.filter(({ name }) => name.includes(words));
  const end = performance.now() + Number(minutes) * 60_000;
  const results: RoundResult[] = [];
  const [hosts = '', observers = hosts] = (program ?? '').split(',').map((path) => resolve(path));
  const fleet = await startFleet({ hosts, observers }, folder);
  try {
    await fleet.settled();
    while (performance.now() < end)
      for (const fault of random.shuffled(chosen)) {
        if (performance.now() >= end) break;
        const result = await playRound(fleet, fault, random);
        results.push(result);
        const { lost, doubled, wrong, late, tookMs } = result;
        console.log(`${new Date().toISOString()} ${fault.name}: ${tookMs.join(' ')}`);
        for (const line of [...lost, ...doubled, ...wrong, ...late]) console.log(`  WRONG ${line}`);
      }
  } finally {
    await fleet.stop();
  }
  for (const { name } of chosen)
    console.log(
      lineOf(
        name,
        results.filter(({ fault }) => fault === name),
      ),
    );
  console.log(lineOf('all', results));
  const isRight = results.every(
    ({ lost, doubled, wrong }) => lost.length + doubled.length + wrong.length === 0,
  );
  return isRight ? 0 : 1;
};

const box = (): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-fleet-'));
  const [command = '', ...args] = boxed(folder, [process.execPath, ...process.argv.slice(1)]);
  const child = spawn(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, SENTINEL_FLEET_FOLDER: folder },
  });
  return new Promise((done) =>
    child.once('close', (code) => {
      if (process.env['SENTINEL_FLEET_KEEP'] === undefined) rmSync(folder, { recursive: true, force: true });
      done(code ?? 1);
    }),
  );
};

if (program === undefined) {
  console.error('usage: run.ts PROGRAM [MINUTES] [SEED] [WORDS OF A FAULT]');
  process.exitCode = 2;
} else process.exitCode = inside === undefined ? await box() : await play(inside);
