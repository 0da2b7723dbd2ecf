import { setTimeout as sleep } from 'node:timers/promises';
import { type GroupMark, groupLives, isSameGroup } from './process-table.ts';
import { sendSignal } from './processes/common.ts';

/** The time that the kernel is given after KILL, in ms. */
const killMs = 5000;

/** A process that is still there after KILL: to start another bot beside it would be two. */
class CannotEndError extends Error {
  override name = 'CannotEndError';
}

/** TERM, then KILL after `termMs`. `forbidden`: the process is another user's, and was left alone. */
export const endProcess = async (
  pid: number,
  lives: () => boolean,
  termMs: number,
): Promise<'ended' | 'forbidden'> => {
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
  endProcess(-group, () => (mark === null ? groupLives(group) : isSameGroup(mark)), termMs);
