import { readdirSync, readFileSync } from 'node:fs';
import { unlessRefused } from './system-error.ts';

/** What Linux says of a process. */
export type ProcStat = {
  /** From its state on. */
  readonly fields: readonly string[];
  /** The first thread, or another one where that has ended; `null`: all have ended. */
  readonly thread: string | null;
};

const fieldsOf = (task: number | string): readonly string[] => {
  const stat = readFileSync(`/proc/${task}/stat`, 'utf8');
  // The program's name is in brackets and may hold anything, brackets too.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
};

const hasEnded = ([state]: readonly string[]): boolean => state === 'Z' || state === 'X';

/** One whose first thread has ended is a zombie, and lives on in its other threads. @throws what the system says. */
export const procStat = (pid: number | string): ProcStat => {
  const fields = fieldsOf(pid);
  if (!hasEnded(fields)) return { fields, thread: `${pid}` };
  const tasks = `${pid}/task`;
  // One that cannot be asked, as it ends just now, counts as living: the next look knows more.
  const lives = (name: string) => unlessRefused(() => !hasEnded(fieldsOf(`${tasks}/${name}`)), true);
  return { fields, thread: readdirSync(`/proc/${tasks}`).find(lives) ?? null };
};
