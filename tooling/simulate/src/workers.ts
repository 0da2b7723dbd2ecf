import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What came of some seeds. */
export type Totals = {
  readonly seeds: number;
  readonly faults: number;
  readonly playedMs: number;
  readonly failed: number;
  readonly cpuMs: number;
};

/** So many seeds at a time: what a process has gathered in its memory ends with it. */
const seedsEach = 250;

const playPart = async (from: number, to: number, options: readonly string[]): Promise<Totals> => {
  const args = ['--seeds', `${from}-${to}`, ...options];
  const child = fork(join(import.meta.dirname, 'run.ts'), args, {
    execArgv: ['--conditions=@sentinel/source'],
  });
  let totals: Totals | null = null;
  child.on('message', (said) => {
    totals = said as Totals;
  });
  const [code] = await once(child, 'exit');
  if (totals === null)
    throw new Error(`seeds ${from} to ${to} were not played to the end (exit code ${code})`);
  return totals;
};

/** Plays seeds in several processes; each prints what fails. */
export const playByWorkers = async (
  first: number,
  seeds: number,
  workers: number,
  options: readonly string[],
): Promise<Totals> => {
  let next = first;
  let sum: Totals = { seeds: 0, faults: 0, playedMs: 0, failed: 0, cpuMs: 0 };
  const work = async () => {
    while (next < first + seeds) {
      const from = next;
      next = Math.min(from + seedsEach, first + seeds);
      const part = await playPart(from, next - 1, options);
      sum = {
        seeds: sum.seeds + part.seeds,
        faults: sum.faults + part.faults,
        playedMs: sum.playedMs + part.playedMs,
        failed: sum.failed + part.failed,
        cpuMs: sum.cpuMs + part.cpuMs,
      };
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return sum;
};
