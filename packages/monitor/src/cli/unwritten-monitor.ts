import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { inWords, isHolderGone, lastHolderOf, readHeartbeat } from '@sentinel/heartbeat-core';
import { isMonitorAlive } from '@sentinel/history';
import { type Processes, processesOf } from '../shell/ports/processes/index.ts';
import type { Written } from './read-journal.ts';

/** What is known of a monitor of which the journal says nothing: it lives, and cannot write there. */
export type Unwritten = {
  readonly pid: number;
  readonly host: string;
  /** Its last sign of life in its own status file, in ms; `null`: none of this process. */
  readonly lastSignMs: number | null;
  /** It has only just begun: what it writes may be on its way. */
  readonly isNew: boolean;
};

const newMs = 15_000;

/** A clock that was set meanwhile moves the beginning of every process by as much. */
const sameStartMs = 60_000;

/** `null`: the system does not say. */
const livesSince = (processes: Processes, pid: number, startedAt: number, now: number): boolean | null => {
  const found = processes.get(pid);
  if (found === 'unknown') return null;
  if (typeof found !== 'object') return false;
  const began = now - (processes.uptimeMs() - found.startedUp);
  return Math.abs(began - startedAt) < sameStartMs;
};

/**
 * The process that said last that it watches this file, if it still lives here. Locks are not tried: a monitor that starts at
 * that moment would be refused.
 */
const unwrittenMonitorOf = async (
  file: string,
  database: string,
  processes: Processes,
  now: number,
): Promise<Unwritten | null> => {
  const holder = lastHolderOf(file, '.monitor');
  if (holder === null || holder.host !== hostname()) return null;
  const { pid, host, startedAt } = holder;
  if (livesSince(processes, pid, startedAt, now) !== true) return null;
  const own = await readHeartbeat(join(dirname(database), 'heartbeat_monitor_status.txt'), {});
  const isItsOwn = own.kind === 'beat' && own.record.pid === pid && own.record.updatedAt <= now;
  const lastSignMs = isItsOwn ? now - own.record.updatedAt : null;
  return { pid, host, lastSignMs, isNew: Math.abs(now - startedAt) < newMs };
};

/** The same for several bots; only those that are `asked` for are looked at. */
export const unwrittenMonitors = (
  bots: readonly { readonly file: string }[],
  database: string | undefined,
  asked: readonly boolean[],
  now: number,
): Promise<(Unwritten | null)[]> => {
  const { processes } = processesOf(process.platform);
  return Promise.all(
    bots.map(({ file }, index) =>
      asked[index] === true && database !== undefined
        ? unwrittenMonitorOf(file, database, processes, now)
        : null,
    ),
  );
};

/** What was written, with the end of a monitor that was killed: the journal says for a while that it lives. */
export const withEnds = (
  bots: readonly { readonly file: string }[],
  written: readonly (Written | null)[],
  now: number,
): readonly (Written | null)[] =>
  bots.map(({ file }, index) => {
    const one = written[index] ?? null;
    if (one === null || !isMonitorAlive(one.supervision, now) || !isHolderGone(file, '.monitor')) return one;
    return { ...one, supervision: { ...one.supervision, ended: true }, wasKilled: true };
  });

/** What is known of such a monitor, in words. */
export const explainUnwritten = (
  { pid, host, lastSignMs, isNew }: Unwritten,
  isJournalUnreadable: boolean,
): string => {
  const sign = lastSignMs === null ? '' : `, its last sign of life was ${inWords(lastSignMs)} ago`;
  const ofJournal = isJournalUnreadable
    ? 'the journal cannot be read'
    : isNew
      ? 'the journal does not contain it yet'
      : lastSignMs === null
        ? 'this journal does not contain it: that monitor has another journal, makes a dry run, or cannot write (see its log)'
        : 'it has written nothing of this bot into the journal lately: it hangs, makes a dry run, or cannot write there (see its log)';
  return `watched by process ${pid} on ${host}${sign}; ${ofJournal}`;
};
