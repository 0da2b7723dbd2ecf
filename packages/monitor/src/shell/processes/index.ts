import { uptime } from 'node:os';
import { sendSignal } from './common.ts';
import { linuxProcesses } from './linux.ts';
import type { Processes, ProcessSupport } from './processes.ts';
import { psProcesses } from './ps.ts';

export type { Processes } from './processes.ts';

/** Where nobody can be asked nothing is known: a first start is made, and nothing is ended. */
const unknownProcesses: Processes = {
  machine: () => null,
  uptimeMs: () => uptime() * 1000,
  get: () => 'unknown',
  markOf: () => 'unknown',
  list: () => null,
  kin: () => null,
  hasNamesake: () => null,
  ancestors: () => [process.pid, process.ppid],
  signal: sendSignal,
};

/** Who tells of processes on this system. */
export const processesOf = (platform: NodeJS.Platform): ProcessSupport => {
  if (platform === 'linux') return { processes: linuxProcesses, note: null };
  if (platform === 'win32')
    return {
      processes: unknownProcesses,
      note: 'On Windows Sentinel cannot tell which process the bot is: it makes a first start, and restarts only with --restart-ends-bot',
    };
  return { processes: psProcesses(), note: null };
};
