import { uptime } from 'node:os';
import type { Process } from '../../../custody/process.ts';
import { sendSignal } from './common.ts';
import { listedProcesses } from './listed.ts';
import type { Processes } from './processes.ts';
import { rowsOf, windowsQuery } from './windows-rows.ts';

/** How long one answer holds, in ms: PowerShell takes about a second for each. */
const freshMs = 1000;
const limitMs = 20_000;
const system = 'C:\\Windows\\System32';
const folder = `${system}\\WindowsPowerShell\\v1.0`;

const askPowerShell = (): string | null => {
  // A look on another system does without the time that loading it takes.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { status, stdout, error } = spawnSync(
    `${folder}\\powershell.exe`,
    ['-NoProfile', '-NonInteractive', '-Command', windowsQuery],
    {
      encoding: 'utf8',
      env: { SystemRoot: 'C:\\Windows', PATH: `${system};${folder}` },
      maxBuffer: 64 * 1024 * 1024,
      timeout: limitMs,
      windowsHide: true,
    },
  );
  return error === undefined && status === 0 ? stdout : null;
};

/** What the process list of Windows says. It does not tell the folder, the user and the environment of a process. */
export const windowsProcesses = (ask: () => string | null = askPowerShell): Processes => {
  let last: { readonly at: number; readonly rows: readonly Process[] | null } | null = null;
  const rowsNow = (): readonly Process[] | null => {
    if (last !== null && performance.now() - last.at < freshMs) return last.rows;
    const printed = ask();
    const rows = printed === null ? null : rowsOf(printed, Date.now() - uptime() * 1000);
    // A list without this process is not of this machine.
    last = { at: performance.now(), rows: rows?.some(({ pid }) => pid === process.pid) ? rows : null };
    return last.rows;
  };
  // The words of other users' processes may be hidden, and relative paths lead nowhere: what is not found may be there.
  const listed = listedProcesses({ all: rowsNow, only: rowsNow, isComplete: () => false });
  return {
    ...listed,
    // Whether anything has this number is asked without PowerShell.
    markOf: (pid) => (sendSignal(pid, 0) === 'gone' ? 'none' : listed.markOf(pid)),
    ancestors: () => [...new Set([...listed.ancestors(), process.ppid])],
  };
};
