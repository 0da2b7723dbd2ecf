import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LastProcess } from './last-process.ts';
import {
  type GroupMark,
  groupLives,
  isSameGroup,
  sendSignal,
  startOf,
  startTicksOf,
} from './process-table.ts';

/** The time that the kernel is given after KILL, in ms. */
const killMs = 5000;
const startToleranceMs = 5000;

/** A process that is still there after KILL: to start another bot beside it would be two. */
export class CannotEndError extends Error {
  override name = 'CannotEndError';
}

/** TERM, then KILL after `termMs`. `forbidden`: the process is another user's, and was left alone. */
const end = async (pid: number, lives: () => boolean, termMs: number): Promise<'ended' | 'forbidden'> => {
  const until = async (ms: number) => {
    const deadline = performance.now() + ms;
    while (lives() && performance.now() < deadline) await sleep(20);
    return !lives();
  };
  if (!lives()) return 'ended';
  if (sendSignal(pid, 'SIGTERM') === 'forbidden') return 'forbidden';
  if (await until(termMs)) return 'ended';
  sendSignal(pid, 'SIGKILL');
  if (await until(killMs)) return 'ended';
  throw new CannotEndError(`process ${Math.abs(pid)} lives on after SIGKILL, so no other bot is started`);
};

/** Ends every process of the group; with its mark, only as long as it is that group. */
export const endGroup = (group: number, mark: GroupMark | null, termMs: number) =>
  end(-group, () => (mark === null ? groupLives(group) : isSameGroup(mark)), termMs);

/** A bot's process that was known while it beat. No change of the clock can make it look like another one. */
export type KnownProcess = { readonly pid: number; readonly startTicks: number };

const mayBe = ({ pid, host, startedAt, updatedAt }: LastProcess): boolean => {
  if (pid === undefined || host !== hostname() || pid === process.pid) return false;
  const start = startOf(pid);
  // Who wrote the beat had begun before that: before its heartbeat was made, and before the beat itself.
  return start !== null && start <= Math.min(startedAt ?? updatedAt, updatedAt) + startToleranceMs;
};

/** The process behind a beat that has just been written; `null` where it is none of this host. */
export const knowProcess = (record: LastProcess): KnownProcess | null => {
  const startTicks = record.pid === undefined || !mayBe(record) ? null : startTicksOf(record.pid);
  return record.pid === undefined || startTicks === null ? null : { pid: record.pid, startTicks };
};

/**
 * Ends the bot that wrote the last beat, if it is a process of this host that still lives. A pid that another program
 * has got since is left alone.
 */
export const endBot = async (
  record: LastProcess,
  known: KnownProcess | null,
  termMs: number,
): Promise<'ended' | 'forbidden'> => {
  const { pid } = record;
  if (pid === undefined) return 'ended';
  const lives = () => (known?.pid === pid ? startTicksOf(pid) === known.startTicks : mayBe(record));
  return end(pid, lives, termMs);
};
