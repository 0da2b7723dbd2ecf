import { hostname } from 'node:os';
import type { Processes } from '@sentinel/monitor';
import type { Time } from '../time.ts';

type Found = Extract<ReturnType<Processes['get']>, object>;

/** A process that lives, or has ended. */
export type Proc = Found & {
  readonly session: number;
  alive: boolean;
  /** What it ended with; `null`: it lives, or a signal has ended it. */
  exitCode: number | null;
  /** What it does with a signal; without one it ends. */
  onSignal: ((signal: NodeJS.Signals) => void) | null;
  onEnd: ((exitCode: number | null, signal: string | null) => void)[];
};

type Spawn = {
  readonly parent?: number;
  readonly group?: number;
  readonly args: readonly string[];
  readonly folder?: string;
  readonly pid?: number;
};

/** Asked once: each question is one of the system. */
export const host = hostname();

export const machine = { boot: '11111111-2222-4333-8444-555555555555', namespace: 'pid:[4026531836]' };

/** The user of this process: that one is asked of the system itself. */
export const user = process.geteuid?.() ?? 0;

/** Linux counts starts in hundredths of a second. */
const msPerTick = 10;

/** The processes of the simulated machine. */
export type Table = ReturnType<typeof createTable>;

export const createTable = (time: Time) => {
  const procs = new Map<number, Proc>();
  let lastPid = 1000;

  const spawn = ({ parent = 1, group, args, folder = '/', pid }: Spawn): Proc => {
    let number = pid ?? lastPid + 1;
    while (procs.has(number)) number += 1;
    lastPid = Math.max(lastPid, number);
    const mark = Math.floor(time.up() / msPerTick);
    const proc: Proc = {
      pid: number,
      parent,
      group: group ?? number,
      session: group ?? number,
      uid: user,
      mark,
      startedUp: mark * msPerTick,
      terminal: false,
      args,
      folder,
      exe: args[0] === 'python3' ? '/usr/bin/python3.12' : '/bin/sh',
      environment: {},
      namespace: machine.namespace,
      alive: true,
      exitCode: null,
      onSignal: null,
      onEnd: [],
    };
    procs.set(number, proc);
    return proc;
  };
  const end = (proc: Proc, exitCode: number | null, signal: string | null = null) => {
    if (!proc.alive) return;
    proc.alive = false;
    proc.exitCode = exitCode;
    procs.delete(proc.pid);
    for (const other of procs.values()) if (other.parent === proc.pid) Object.assign(other, { parent: 1 });
    for (const told of proc.onEnd) told(exitCode, signal);
  };
  const signalOne = (proc: Proc, signal: NodeJS.Signals) => {
    if (signal === 'SIGKILL' || proc.onSignal === null) end(proc, null, signal);
    else proc.onSignal(signal);
  };
  const inGroup = (group: number) => [...procs.values()].filter((proc) => proc.group === group);
  const init = spawn({ args: ['/sbin/init'], pid: 1, parent: 0 });

  return {
    spawn,
    end,
    inGroup,
    living: (pid: number) => procs.get(pid),
    all: () => [...procs.values()],
    lastPid: () => lastPid,
    init,
    signal: (pid: number, signal: NodeJS.Signals): 'sent' | 'gone' => {
      const targets = pid < 0 ? inGroup(-pid) : [procs.get(pid)].flatMap((proc) => proc ?? []);
      for (const proc of targets) signalOne(proc, signal);
      return targets.length === 0 ? 'gone' : 'sent';
    },
  };
};

/**
 * What the system tells of its processes.
 *
 * @param self the process of the monitor that asks.
 * @param signalled is told of a signal before it is sent.
 */
export const processesOf = (
  table: Table,
  time: Time,
  self: number,
  answers: () => boolean,
  signalled: (pid: number, signal: NodeJS.Signals) => boolean,
): Processes => ({
  machine: () => machine,
  origin: () => ({ machine: `${machine.boot} ${machine.namespace}`, host, rooted: false }),
  uptimeMs: time.up,
  get: (pid) => (answers() ? (table.living(pid) ?? 'none') : 'unknown'),
  markOf: (pid) => (answers() ? (table.living(pid)?.mark ?? 'none') : 'unknown'),
  list: (filter) =>
    answers()
      ? { rows: table.all().filter(({ args }) => args !== null && filter(args)), complete: true }
      : 'unknown',
  kin: () => (answers() ? table.all() : 'unknown'),
  hasNamesake: () => false,
  ancestors: () => [self, 1],
  signal: (pid, signal) => (signalled(pid, signal) ? table.signal(pid, signal) : 'gone'),
});
