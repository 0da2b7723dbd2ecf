import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundled } from '@sentinel/tooling-vitest/bundled';

const [botProgram, monitorProgram] = ['bot', 'monitor'].map((name) =>
  bundled(new URL(`fixtures/${name}.ts`, import.meta.url)),
) as [string, string];

const lives = (pid: number): boolean => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z';
  } catch {
    return false;
  }
};

const kill = (pid: number) => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
};

/** A folder with bots and monitors that are real processes; `clear` ends whatever is left of them. */
export const openStage = () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-two-bots-'));
  const file = join(folder, 'heartbeat_status.txt');
  const database = join(folder, 'sentinel.db');
  const pidFile = join(folder, 'pids');
  const started: ChildProcess[] = [];
  const lines: string[] = [];

  const node = (args: string[]): ChildProcess => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => lines.push(...text.trim().split('\n')));
    started.push(child);
    return child;
  };
  const everyBot = () => {
    try {
      return readFileSync(pidFile, 'utf8').trim().split('\n').map(Number);
    } catch {
      return [];
    }
  };
  return {
    folder,
    file,
    database,
    lines,
    /** The command that runs a bot in the foreground of its shell. */
    command: (habit = 'none') => `"${process.execPath}" "${botProgram}" "${file}" "${pidFile}" ${habit}`,
    bot: (habit = 'none') => node([botProgram, file, pidFile, habit]),
    monitor: (
      command: string,
      graceMs = 20_000,
      { user, watched = file }: { readonly user?: number; readonly watched?: string } = {},
    ) => {
      const as = user === undefined ? [] : [String(user)];
      return node([monitorProgram, watched, database, command, String(graceMs), ...as]);
    },
    /** Lets every user work in the folder. */
    open: () => chmodSync(folder, 0o777),
    everyBot,
    living: () => everyBot().filter(lives),
    clear: () => {
      for (const child of started) child.kill('SIGKILL');
      for (const pid of everyBot()) kill(pid);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};
