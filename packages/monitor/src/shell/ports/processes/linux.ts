import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { uptime } from 'node:os';
import { isSystemError, unlessRefused } from '@sentinel/heartbeat-core';
import type { FoundProcess, Kin, Process, ProcessTable } from '../../../custody/process.ts';
import { originHere } from '../process-table.ts';
import { ancestorsOf, briefly, sendSignal } from './common.ts';
import { everyPid, statOf } from './proc-stat.ts';
import type { Processes } from './processes.ts';
import { unitOf, unitStartsAgainInMs } from './units.ts';

/** Linux counts a process's start in hundredths of a second. */
const msPerTick = 10;
/** The pid namespace of a whole machine; a container has another one. */
const wholeMachine = 'pid:[4026531836]';
/** What runs as the first process of a machine, and of no container. */
const machineInit = /^(?:systemd|init|openrc-init|runit-init|launchd)$/;

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';
/** The process ended before or while it was looked at. */
const isGone = (error: unknown): boolean => ['ENOENT', 'ESRCH'].includes(codeOf(error));
const isDenied = (error: unknown): boolean => ['EACCES', 'EPERM'].includes(codeOf(error));

/** @throws what the system says, where it is not that something is missing or denied. */
const readable = <T>(read: () => T): T | null => {
  try {
    return read();
  } catch (error) {
    if (isGone(error) || isDenied(error)) return null;
    throw error;
  }
};

const argsOf = (thread: string): readonly string[] => {
  const text = readFileSync(`/proc/${thread}/cmdline`, 'utf8');
  return text === '' ? [] : text.replace(/\0$/, '').split('\0');
};

/** A first thread that has ended has no words any more: another thread of it has them. */
const wordsOf = (pid: string): readonly string[] => {
  const args = argsOf(pid);
  const thread = args.length > 0 ? pid : statOf(pid).thread;
  return thread === null || thread === pid ? args : argsOf(thread);
};

const environmentOf = (pid: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .flatMap((entry) => {
        const at = entry.indexOf('=');
        return at < 1 ? [] : [[entry.slice(0, at), entry.slice(at + 1)]];
      }),
  );

const processOf = (pid: number, stat: ReturnType<typeof statOf>, thread: string): FoundProcess => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  if (Number(/^Tgid:\s+(\d+)/m.exec(status)?.[1]) !== pid) return 'thread';
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1];
  return {
    pid,
    parent: stat.parent,
    group: stat.group,
    mark: stat.mark,
    terminal: stat.terminal,
    startedUp: stat.mark * msPerTick,
    uid: uid === undefined ? null : Number(uid),
    args: readable(() => argsOf(thread)),
    folder: readable(() => readlinkSync(`/proc/${thread}/cwd`)),
    exe: readable(() => readlinkSync(`/proc/${thread}/exe`)),
    environment: readable(() => environmentOf(thread)),
    namespace: readable(() => readlinkSync(`/proc/${thread}/ns/pid`)),
  };
};

const get = (pid: number): FoundProcess => {
  try {
    const stat = statOf(pid);
    return stat.thread === null ? 'none' : processOf(pid, stat, stat.thread);
  } catch (error) {
    // Too many open files, a /proc that is not there or hides this one: that is no answer.
    if (!isSystemError(error)) throw error;
    if (!isGone(error)) return 'unknown';
    return isProcThere() ? 'none' : 'unknown';
  }
};

const markOf = (pid: number): number | 'none' | 'unknown' => {
  try {
    const stat = statOf(pid);
    return stat.dead ? 'none' : stat.mark;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return isGone(error) && isProcThere() ? 'none' : 'unknown';
  }
};

// Whatever the reason is: what cannot be asked is not known.
const isProcThere = (): boolean => unlessRefused(() => statOf('self'), null) !== null;

/** Whether the first process of this system is that of a machine, and not that of a container. */
const seesWholeMachine = (): boolean => {
  if (readable(() => readlinkSync('/proc/self/ns/pid')) === wholeMachine) return true;
  const first = readable(() => readFileSync('/proc/1/comm', 'utf8')) ?? '';
  return machineInit.test(first.trim());
};

/** What cannot be read for want of descriptors or memory is no answer: a process that is not seen may be there. */
const orUnknown = <T>(read: () => T): T | 'unknown' => unlessRefused<T | 'unknown'>(read, 'unknown');

/** What each process was started with; `null`: that is hidden. */
const words = briefly(() =>
  orUnknown(() =>
    everyPid().flatMap((pid): { readonly pid: string; readonly args: readonly string[] | null }[] => {
      try {
        return [{ pid, args: wordsOf(pid) }];
      } catch (error) {
        if (isDenied(error)) return [{ pid, args: null }];
        if (!isGone(error)) throw error;
        return [];
      }
    }),
  ),
);

const list = (filter: (args: readonly string[]) => boolean): ProcessTable | 'unknown' => {
  const all = words();
  if (all === 'unknown') return 'unknown';
  return orUnknown(() => {
    // With hidepid, or ProtectProc=invisible, others do not even have a folder here.
    let complete = all.some(({ pid }) => pid === '1') && seesWholeMachine();
    const rows: Process[] = [];
    for (const { pid, args } of all) {
      if (args === null) complete = false;
      else if (args.length > 0 && filter(args)) {
        const found = get(Number(pid));
        if (found === 'unknown') complete = false;
        else if (typeof found === 'object') rows.push(found);
      }
    }
    return { rows, complete };
  });
};

const kin = briefly((): readonly Kin[] | 'unknown' =>
  orUnknown(() =>
    everyPid().flatMap((name) => {
      const stat = readable(() => statOf(name));
      if (stat === null || stat.dead) return [];
      const { parent, group, session, mark } = stat;
      return [{ pid: Number(name), parent, group, session, mark, startedUp: mark * msPerTick }];
    }),
  ),
);

const hasNamesake = (wanted: number): boolean | null => {
  const found = orUnknown(() =>
    everyPid().some((name) => {
      if (Number(name) === wanted) return false;
      const status = readable(() => readFileSync(`/proc/${name}/status`, 'utf8')) ?? '';
      const numbers = /^NSpid:\s+(.+)$/m.exec(status)?.[1]?.split(/\s+/) ?? [];
      return numbers.length > 1 && Number(numbers.at(-1)) === wanted;
    }),
  );
  return found === 'unknown' ? null : found;
};

/** What the scheduler has counted for each thread of a process: it does not change while the process does not run. */
const activity = (pid: number): string | null =>
  readable(() => {
    const counts = readdirSync(`/proc/${pid}/task`).map((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').trim().split(' '),
    );
    // Where the kernel counts nothing all of them are 0.
    if (counts.every(([ran]) => ran === '0')) return null;
    return counts.map(([ran, , times]) => `${ran} ${times}`).join(', ');
  });

/** One answer holds so long, in ms: a look asks a dozen times, and each time the system opens a file to answer. */
const uptimeHoldsMs = 5;
let asked = { at: Number.NEGATIVE_INFINITY, upMs: 0 };

const uptimeMs = (): number => {
  const at = process.uptime() * 1000;
  if (at - asked.at >= uptimeHoldsMs) asked = { at, upMs: uptime() * 1000 };
  return asked.upMs;
};

let here: ReturnType<Processes['machine']> = null;

/** What Linux says in /proc. */
export const linuxProcesses: Processes = {
  origin: originHere,
  machine: () => {
    // It never changes while this process lives, and each bot asks for it.
    here ??= readable(() => ({
      boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
      namespace: readlinkSync('/proc/self/ns/pid'),
    }));
    return here;
  },
  uptimeMs,
  get,
  markOf,
  list,
  kin,
  hasNamesake,
  activity,
  unitOf,
  startsAgainInMs: unitStartsAgainInMs,
  ancestors: briefly(() => ancestorsOf(process.pid, (pid) => readable(() => statOf(pid).parent))),
  signal: sendSignal,
};
