import { readHeartbeatOnce } from '@sentinel/heartbeat-core';
import { type Machine, machineOf } from '../custody/process.ts';
import { processesOf } from '../shell/ports/processes/index.ts';

/** A program begins, and the first beat says so a moment later, in ms. */
const nearMs = 2000;

/** Whether a process is the one that a beat names, and not another one that got its number since. */
const isOfThisStart = (
  beat: { readonly machine: Machine | null; readonly startedAt: number | undefined },
  process: { readonly machine: Machine | null; readonly began: number },
): boolean =>
  beat.machine !== null &&
  beat.machine.boot === process.machine?.boot &&
  beat.machine.namespace === process.machine.namespace &&
  beat.startedAt !== undefined &&
  Math.abs(beat.startedAt - process.began) <= nearMs;

/** A program of before may live on where its wrapper was killed: a second one beside it would be a second bot. */
export const livesFromBefore = (file: string): number | null => {
  const reading = readHeartbeatOnce(file);
  if (reading.kind !== 'beat' || reading.record.stopped) return null;
  const { pid, boot, startedAt } = reading.record;
  const { processes } = processesOf(process.platform);
  const found = pid === undefined ? 'none' : processes.get(pid);
  if (pid === undefined || typeof found !== 'object') return null;
  const began = Date.now() - (processes.uptimeMs() - found.startedUp);
  return isOfThisStart({ machine: machineOf(boot), startedAt }, { machine: processes.machine(), began })
    ? pid
    : null;
};
