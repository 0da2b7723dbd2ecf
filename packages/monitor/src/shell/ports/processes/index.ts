import { linuxProcesses } from './linux.ts';
import type { ProcessSupport } from './processes.ts';
import { psProcesses } from './ps.ts';
import { windowsProcesses } from './windows.ts';

export type { Processes } from './processes.ts';

/** Who tells of processes on this system. */
export const processesOf = (platform: NodeJS.Platform): ProcessSupport => {
  if (platform === 'linux') return { processes: linuxProcesses, note: null };
  if (platform === 'win32')
    return {
      processes: windowsProcesses(),
      note: 'On Windows Sentinel cannot see in which folder a process runs: it knows the bot by --bot-process, or restarts with --restart-ends-bot',
    };
  return { processes: psProcesses(), note: null };
};
