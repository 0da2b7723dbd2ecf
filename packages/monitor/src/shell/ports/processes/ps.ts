import { uptime } from 'node:os';
import type { Process } from '../../../custody/process.ts';
import { listedProcesses } from './listed.ts';
import type { Processes } from './processes.ts';

const columns = 'pid=,ppid=,pgid=,uid=,stat=,tty=,lstart=,command=';
const line = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d{4})\s+(.*)$/;

/** One row of `ps`; `null`: it is none, or the process is dead. */
export const rowOf = (text: string, bootAt: number): Process | null => {
  const [, pid, parent, group, uid, state = '', terminal = '', started = '', command = ''] =
    line.exec(text) ?? [];
  if (pid === undefined || state.startsWith('Z')) return null;
  const startedAt = Date.parse(`${started} UTC`);
  return {
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    uid: Number(uid),
    // ps knows the second: the mark is that second, and not its distance from a clock that may be set.
    mark: startedAt,
    startedUp: startedAt - bootAt,
    terminal: !/^[-?]+$/.test(terminal),
    args: command.trim().split(/\s+/),
    folder: null,
    exe: null,
    environment: null,
    namespace: null,
  };
};

/** What `ps` says, on systems without /proc. */
export const psProcesses = (program = 'ps'): Processes => {
  // A look on a system with /proc does without the time that loading it takes.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const bootAt = () => Date.now() - uptime() * 1000;
  const ask = (...which: string[]): readonly Process[] | null => {
    const { status, stdout, error } = spawnSync(program, [...which, '-ww', '-o', columns], {
      encoding: 'utf8',
      // Its times in UTC, whatever the zone of this process is.
      env: { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' },
      timeout: 10_000,
    });
    // `ps -p` of no process ends with 1 and prints nothing.
    if (error !== undefined || (status !== 0 && status !== 1)) return null;
    const at = bootAt();
    return stdout.split('\n').flatMap((text) => rowOf(text, at) ?? []);
  };
  return listedProcesses({
    all: () => ask('-A'),
    only: (pid) => ask('-p', String(pid)),
    isComplete: (rows) => rows.some(({ pid }) => pid === 1),
  });
};
