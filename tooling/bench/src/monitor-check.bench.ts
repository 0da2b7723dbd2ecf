// Processor time of `--check` as a process, beside an empty Node in the same turns: with a journal and without one, and with
// what Node keeps of its compiling (NODE_COMPILE_CACHE), as in the Docker image.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecords } from '@sentinel/history';
import { shipped } from '@sentinel/tooling-shipped';

const rounds = 25;
const folder = mkdtempSync(join(tmpdir(), 'sentinel-bench-'));
const empty = join(folder, 'empty.mjs');
writeFileSync(empty, '');
mkdirSync(join(folder, 'logs'));
const beat = () =>
  writeFileSync(
    join(folder, 'logs/heartbeat_status.txt'),
    `✅ On\n${new Date().toISOString()}\n{"session_active": true}\n`,
  );

/** Processor time of one process, in ms, as the shell has counted it. */
const cost = (args: readonly string[], env: NodeJS.Dict<string> = {}): number => {
  const script = 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>&1';
  const { stderr } = spawnSync('bash', ['--norc', '-c', script, '-', process.execPath, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ...env },
  });
  // A start file of the shell may have said something before.
  const [user, system] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return ((user ?? Number.NaN) + (system ?? Number.NaN)) * 1000;
};

/** Means, not medians: the system counts in steps of 4 or 10 ms. */
const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;

const compare = (name: string, env: NodeJS.Dict<string> = {}) => {
  const [floor, ours]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    beat();
    floor.push(cost([empty], env));
    ours.push(cost([shipped('monitor'), '--check'], env));
  }
  console.log(
    `${name.padEnd(34)} ${mean(ours).toFixed(1).padStart(5)} ms   empty Node ${mean(floor).toFixed(1)} ms   ratio ${(mean(ours) / mean(floor)).toFixed(2)}`,
  );
};

try {
  compare('--check, no journal');
  openRecords(join(folder, 'logs/sentinel.db')).close();
  compare('--check, a journal');
  compare('the same, compiled before', { NODE_COMPILE_CACHE: join(folder, 'cache') });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
