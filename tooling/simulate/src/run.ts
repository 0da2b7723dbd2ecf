// `pnpm simulate`: the whole monitor on virtual time, under one seed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { drawScript } from './faults/draw.ts';
import { playFleet } from './fleet/play.ts';
import { drawFleetStory } from './fleet/story.ts';
import { checkMutations } from './mutations/check.ts';
import { playPeers } from './peers/play.ts';
import { drawPeerStory } from './peers/story.ts';
import { play } from './play.ts';
import type { Script } from './script.ts';
import { shrink } from './shrink.ts';
import { playByWorkers, type Totals } from './workers.ts';

const usage = `usage: pnpm simulate [--seed N] [--seeds N|FROM-TO] [--workers N] [--years Y] [--bots B] [--shrink N] [--trace]
  --seed    the first seed (default: 1)
  --seeds   how many (default: 200), or from which to which
  --workers so many processes play them, or search for known faults (default: 1)
  --years   go on until so many years have passed in the stories
  --bots    bots in each story (default: 1)
  --shrink  so many of the failing stories are shortened to the faults that they need (default: 4)
  --script  play the story of this file, and no seed
  --keep    keep the shortest story of each failure in tooling/simulate/scripts: a test plays it from then on
  --mutations  put known faults back one by one, and say how many seeds it takes to find each (--seeds: the most)
  --only    with --mutations: only those faults whose name has this in it
  --fleet   play fleets of hosts and observers, and no monitor
  --peers   play hosts whose monitors ask each other
  --trace   print what the monitor says`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    workers: { type: 'string' },
    years: { type: 'string' },
    bots: { type: 'string' },
    shrink: { type: 'string' },
    script: { type: 'string' },
    keep: { type: 'boolean' },
    mutations: { type: 'boolean' },
    only: { type: 'string' },
    fleet: { type: 'boolean' },
    peers: { type: 'boolean' },
    trace: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  },
});
/** How often it is said on standard error how far it is, in ms. */
const toldEveryMs = 30_000;
const yearMs = 365.25 * 24 * 60 * 60_000;

const report = ({ seeds, faults, playedMs, failed, cpuMs }: Totals): number => {
  const perMinute = Math.round(faults / (cpuMs / 60_000));
  console.log(
    `${seeds} seeds, ${faults} faults, ${(playedMs / yearMs).toFixed(3)} years, ${failed} failed; ${perMinute} faults a CPU-minute (floor: 20000)`,
  );
  return failed > 0 ? 1 : 0;
};

type Trace = ((line: string) => void) | null;
const playOf = {
  monitor: (seed: number, bots: number, trace: Trace) => play(drawScript(seed, bots), { trace }),
  fleet: (seed: number, _bots: number, trace: Trace) => playFleet(drawFleetStory(seed), trace),
  peers: (seed: number, _bots: number, trace: Trace) => playPeers(drawPeerStory(seed), trace),
};

/** The first seed, and how many. */
const range = (): { readonly first: number; readonly seeds: number } => {
  const [, from, to] = /^(\d+)-(\d+)$/.exec(values.seeds ?? '') ?? [];
  if (from !== undefined) return { first: Number(from), seeds: Number(to) - Number(from) + 1 };
  const first = Number(values.seed ?? 1);
  return { first, seeds: Number(values.seeds ?? (values.seed === undefined ? 200 : 1)) };
};

const main = async (): Promise<number> => {
  if (values.help === true) {
    console.log(usage);
    return 0;
  }
  if (values.script !== undefined) {
    const { violation } = await play(JSON.parse(readFileSync(values.script, 'utf8')) as Script, {
      trace: (line) => console.log(line),
    });
    return violation === null ? 0 : 1;
  }
  if (values.mutations === true) {
    return checkMutations(Number(values.seeds ?? 5000), values.only, Number(values.workers ?? 1));
  }
  const bots = Number(values.bots ?? 1);
  const years = values.years === undefined ? null : Number(values.years);
  const kind = values.fleet === true ? 'fleet' : values.peers === true ? 'peers' : null;
  const { first, seeds: asked } = range();
  const seeds = years === null ? asked : Infinity;
  if (values.workers !== undefined)
    return report(
      await playByWorkers(first, asked, Number(values.workers), [
        ...(kind !== null ? [`--${kind}`] : ['--bots', `${bots}`]),
        '--shrink',
        values.shrink ?? '1',
      ]),
    );
  const mostShrunk = Number(values.shrink ?? 4);
  const trace = values.trace === true ? (line: string) => console.log(line) : null;
  let [faults, playedMs, failed, seed] = [0, 0, 0, first];
  const before = process.cpuUsage();
  let toldAt = performance.now();
  for (; seed < first + seeds && (years === null || playedMs < years * yearMs); seed += 1) {
    const played = await playOf[kind ?? 'monitor'](seed, bots, trace);
    faults += played.faults;
    playedMs += played.playedMs;
    if (performance.now() - toldAt > toldEveryMs) {
      toldAt = performance.now();
      console.error(`seed ${seed}: ${faults} faults, ${failed} failed so far`);
    }
    if (played.violation === null) continue;
    failed += 1;
    const { invariant, at, fact } = played.violation;
    console.log(`FAILED seed ${seed}: invariant ${invariant} after ${Math.round(at / 1000)} s: ${fact}`);
    console.log(
      `  again: pnpm simulate --seed ${seed}${kind !== null ? ` --${kind}` : bots === 1 ? '' : ` --bots ${bots}`} --trace`,
    );
    // The first ones are enough to begin with.
    if (failed > mostShrunk || kind !== null) continue;
    const short = await shrink(drawScript(seed, bots), played.violation);
    const file = join(import.meta.dirname, `../scripts/seed-${seed}.json`);
    if (values.keep === true) writeFileSync(file, `${JSON.stringify(short, null, 2)}\n`);
    console.log(`  ${JSON.stringify(short)}`);
  }
  const { user, system } = process.cpuUsage(before);
  const totals: Totals = { seeds: seed - first, faults, playedMs, failed, cpuMs: (user + system) / 1000 };
  if (process.send === undefined) return report(totals);
  process.send(totals);
  return 0;
};

process.exitCode = await main();
