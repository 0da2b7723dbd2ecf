import { hostname } from 'node:os';
import type { StatusRecord } from '../core/status-record.ts';
import { isAlive } from './lock-holder.ts';
import { type ProcStat, procStat } from './proc-stat.ts';
import { unlessRefused } from './system-error.ts';
import { thisBoot } from './this-boot.ts';

let here: string | null | undefined;

/** Whether the number of a beat names a process here: on Linux every container counts its own, and only `boot` says which. */
const isHere = ({ boot, host }: Pick<StatusRecord, 'boot' | 'host'>): boolean => {
  here ??= thisBoot();
  if (boot !== undefined) return here !== null && boot === here;
  return process.platform !== 'linux' && host === hostname();
};

/** What Linux says of a process; `null`: nothing, as for want of descriptors or rights. Other systems do not say it. */
const statOf = (pid: number): ProcStat | null =>
  process.platform === 'linux' ? unlessRefused(() => procStat(pid), null) : null;

/** When it began, in ticks since the start of the machine: no clock moves that. */
const beginOf = (stat: ProcStat | null): string | null => stat?.fields[19] ?? null;

/**
 * What tells the process that wrote a beat from a later one that got its number; `null`: this system does not say, or the
 * process is not one of this machine.
 *
 * @example
 * const mark = reading.kind === 'beat' ? writerMark(reading.record) : null;
 */
export const writerMark = (record: Pick<StatusRecord, 'pid' | 'boot' | 'host'>): string | null => {
  const { pid } = record;
  return pid === undefined || pid <= 0 || !isHere(record) ? null : beginOf(statOf(pid));
};

/**
 * Whether the process that wrote a beat is known to be gone. What this system cannot tell (a beat without a pid, another
 * machine, another container) is not known, and `false`.
 *
 * @param mark the {@link writerMark} of when the beat came, so that another process with its number is not taken for it.
 *
 * @example
 * if (reading.kind === 'beat' && isWriterGone(reading.record)) console.error('the bot has ended');
 */
export const isWriterGone = (
  record: Pick<StatusRecord, 'pid' | 'boot' | 'host'>,
  mark: string | null = null,
): boolean => {
  const { pid } = record;
  if (pid === undefined || pid <= 0 || !isHere(record)) return false;
  if (!isAlive(pid)) return true;
  const stat = statOf(pid);
  const begun = beginOf(stat);
  return (stat !== null && stat.thread === null) || (mark !== null && begun !== null && begun !== mark);
};
