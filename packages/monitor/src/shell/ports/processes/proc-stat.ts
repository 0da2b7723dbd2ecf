import { readdirSync } from 'node:fs';
import { procStat } from '@sentinel/heartbeat-core';
import type { Process } from '../../../custody/process.ts';

type Stat = Pick<Process, 'parent' | 'group' | 'mark' | 'terminal'> & {
  /** The thread that answers for it, where its first one has ended too; `null`: it is dead. */
  readonly thread: string | null;
  readonly dead: boolean;
  readonly session: number;
};

/** What Linux says of a process. `mark` is its start, in hundredths of a second. @throws what the system says. */
export const statOf = (pid: number | string): Stat => {
  const { fields, thread } = procStat(pid);
  return {
    thread,
    dead: thread === null,
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    terminal: Number(fields[4]) !== 0,
    mark: Number(fields[19]),
  };
};

export const everyPid = (): readonly string[] => readdirSync('/proc').filter((name) => /^\d+$/.test(name));
