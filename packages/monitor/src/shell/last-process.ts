import type { StatusRecord } from '@sentinel/heartbeat-core';
import type { KnownProcess } from './end-process.ts';
import { machine } from './process-table.ts';

/** Who wrote a bot's last beat, as far as it takes to find and end that process. */
export type LastProcess = Pick<StatusRecord, 'updatedAt'> & {
  readonly [Key in 'pid' | 'host' | 'instance' | 'startedAt']?: StatusRecord[Key] | undefined;
};

export type Remembered = {
  readonly record: LastProcess;
  readonly known: KnownProcess | null;
  /** The boot and container in which its start was counted. */
  readonly machine: string | null;
};

export type ProcessMemory = {
  readonly load: () => Remembered | null;
  readonly save: (last: Remembered) => void;
};

export const rememberProcess = (record: LastProcess, known: KnownProcess | null): Remembered => {
  const { pid, host, instance, startedAt, updatedAt } = record;
  return { record: { updatedAt, pid, host, instance, startedAt }, known, machine: machine() };
};

/** What stands in the journal, where it is of this form; of another boot the count of ticks means nothing. */
export const asProcess = (kept: unknown): Remembered | null => {
  const { record, known = null, machine: where = null } = (kept ?? {}) as Partial<Remembered>;
  if (typeof record?.updatedAt !== 'number' || typeof record.pid !== 'number') return null;
  return { record, known: where !== null && where === machine() ? known : null, machine: where };
};
