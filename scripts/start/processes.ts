import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

type Row = readonly [pid: number, parent: number];

const statOf = (pid: number | string): string[] => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program stands in brackets and may contain anything: count from its end.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
};

/** Ended, and only not yet taken note of by its parent: in a container without an init that may be for ever. */
const isZombie = (pid: number): boolean => {
  if (process.platform !== 'linux') return false;
  try {
    return statOf(pid)[0] === 'Z';
  } catch {
    return false;
  }
};

export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0) && !isZombie(pid);
  } catch (error) {
    // Another user's process lives too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
};

/**
 * The pids of the package managers that this process was started through, with the shells between them, on Linux; elsewhere
 * its parent alone. `npx pnpm start` is npx, a shell, pnpm, a shell and then this.
 */
export const starters = (): number[] => {
  const chain = [process.ppid];
  if (process.platform !== 'linux') return chain;
  let last = 0;
  try {
    for (let pid = process.ppid; pid > 1; pid = Number(statOf(pid)[1])) {
      if (pid !== process.ppid) chain.push(pid);
      if (/\b(?:npm|npx|pnpm)\b/.test(commandOf(pid))) last = chain.length - 1;
    }
  } catch {
    // It ended while it was looked at: whoever is below it is watched.
  }
  return chain.slice(0, last + 1);
};

/** Linux tells of its processes in /proc; a slim machine has no `ps`. */
const fromProc = (): Row[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid): Row[] => {
      try {
        const [, parent] = statOf(pid);
        return [[Number(pid), Number(parent)]];
      } catch {
        return [];
      }
    });

const fromPs = (): Row[] => {
  const ps = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return ps.stdout
    .trim()
    .split('\n')
    .map((line): Row => {
      const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
      return [pid, parent];
    })
    .filter(([pid]) => pid !== ps.pid);
};

/** The pids of all processes that come from one, itself left out. */
export const descendants = (ancestor: number): number[] => {
  const rows = process.platform === 'linux' ? fromProc() : fromPs();
  const found = new Set([ancestor]);
  for (let before = 0; before !== found.size; ) {
    before = found.size;
    for (const [pid, parent] of rows) if (found.has(parent)) found.add(pid);
  }
  found.delete(ancestor);
  return [...found];
};
