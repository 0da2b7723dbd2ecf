import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { StatusRecord } from '../core/status-record.ts';
import { isAlive } from './lock-holder.ts';
import { unlessRefused } from './system-error.ts';
import { thisBoot } from './this-boot.ts';

let here: string | null | undefined;

/** Whether the number of a beat names a process here: on Linux every container counts its own, and only `boot` says which. */
const isHere = ({ boot, host }: Pick<StatusRecord, 'boot' | 'host'>): boolean => {
  here ??= thisBoot();
  if (boot !== undefined) return here !== null && boot === here;
  return process.platform !== 'linux' && host === hostname();
};

/** Its parent has not asked for its end yet: it runs no more. Other systems do not say so. */
const isZombie = (pid: number): boolean => {
  if (process.platform !== 'linux') return false;
  // Not readable for want of descriptors or rights: that is no answer.
  const stat = unlessRefused(() => readFileSync(`/proc/${pid}/stat`, 'utf8'), '');
  // The program's name is in brackets and may hold anything, brackets too.
  return /^\) [ZX]/.test(stat.slice(stat.lastIndexOf(')')));
};

/**
 * Whether the process that wrote a beat is known to be gone. What this system cannot tell (a beat without a pid, another
 * machine, another container) is not known, and `false`.
 *
 * @example
 * if (reading.kind === 'beat' && isWriterGone(reading.record)) console.error('the bot has ended');
 */
export const isWriterGone = (record: Pick<StatusRecord, 'pid' | 'boot' | 'host'>): boolean => {
  const { pid } = record;
  if (pid === undefined || pid <= 0 || !isHere(record)) return false;
  return !isAlive(pid) || isZombie(pid);
};
