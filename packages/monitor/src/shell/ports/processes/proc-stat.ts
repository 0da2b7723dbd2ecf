import { readdirSync, readFileSync } from 'node:fs';
import type { Process } from '../../../custody/process.ts';

type Stat = Pick<Process, 'parent' | 'group' | 'mark' | 'terminal'> & {
  readonly dead: boolean;
  readonly session: number;
};

/** What Linux says of a process. `mark` is its start, in hundredths of a second. @throws what the system says. */
export const statOf = (pid: number | string): Stat => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The program's name is in brackets and may hold anything, brackets too.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    dead: fields[0] === 'Z' || fields[0] === 'X',
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    terminal: Number(fields[4]) !== 0,
    mark: Number(fields[19]),
  };
};

export const everyPid = (): readonly string[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name));
