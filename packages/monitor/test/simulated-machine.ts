import { parseStatusFile, type Reading, type Sources } from '@sentinel/heartbeat-core';
import { type Clock, systemClock } from '@sentinel/history';
import { nothingRun } from '../src/core/observation.ts';
import type { Process } from '../src/custody/process.ts';
import type { Commands, Files, MonitorClock, Ports, Processes } from '../src/index.ts';

const machine = { boot: 'boot-1', namespace: 'pid:[4026531836]' };
export const file = '/sim/logs/heartbeat_status.txt';
export const command = 'python3 /sim/bot.py';
/** The bots are of the user who runs the tests: those of others are not ended. */
const uid = process.geteuid?.() ?? 7;

/** Virtual time: what is due is run one after the other, and nothing waits in real time. */
const simulateTime = (start: number) => {
  let now = start;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  const after = (ms: number, run: () => void) => {
    const timer = { at: now + Math.max(0, ms), run };
    timers.push(timer);
    return () => {
      timers = timers.filter((each) => each !== timer);
    };
  };
  /** All that was waited for without time has been done. */
  const settle = async () => {
    for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const pass = async (ms: number) => {
    const end = now + ms;
    await settle();
    for (;;) {
      const [next] = timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at);
      if (next === undefined) break;
      timers = timers.filter((each) => each !== next);
      now = Math.max(now, next.at);
      next.run();
      await settle();
    }
    now = end;
  };
  const clock: MonitorClock = {
    wall: () => now,
    now: () => now,
    usedMs: () => 0,
    after,
    heard: async () => {},
  };
  const sleep: Clock['sleep'] = (ms) => new Promise((resolve) => void after(ms, resolve));
  const storeClock: Clock = { ...systemClock, now: () => now, monotonic: () => now, after, sleep };
  return { clock, storeClock, pass, now: () => now };
};

/** A machine that is all in memory: one status file, processes, and a restart command that starts a bot. */
export const simulateMachine = (start = Date.UTC(2026, 0, 5)) => {
  const time = simulateTime(start);
  const { clock } = time;
  const uptimeMs = () => time.now() - start + 3_600_000;
  const processes = new Map<number, Process & { hung: boolean; deaf: boolean }>();
  let nextPid = 100;
  let text: string | null = null;
  let changedAt = start;
  let isBlind = false;
  const changed = new Set<() => void>();

  const startBot = ({ group = 0, deaf = false } = {}): number => {
    const pid = nextPid++;
    const startedUp = uptimeMs();
    const args = ['python3', '/sim/bot.py'];
    const known = { parent: 1, uid, terminal: false, args, folder: '/sim', exe: '/usr/bin/python3' };
    const process = { ...known, pid, group: group || pid, startedUp, mark: startedUp, environment: {} };
    processes.set(pid, { ...process, namespace: machine.namespace, hung: false, deaf });
    let seq = 0;
    const beat = () => {
      const bot = processes.get(pid);
      if (bot === undefined || bot.hung) return;
      seq += 1;
      const at = new Date(time.now()).toISOString();
      const facts = { session_active: true, updated_at: at, pid, host: 'sim', seq, instance: `run-${pid}` };
      text = `✅ Works\n${at}\n${JSON.stringify({ ...facts, boot: `${machine.boot} ${machine.namespace}` })}\n`;
      changedAt = time.now();
      for (const look of changed) look();
      clock.after(10_000, beat);
    };
    clock.after(2000, beat);
    return pid;
  };

  const reading = (): Reading => {
    if (isBlind) return { kind: 'unreadable', problem: { code: 'unreadable', file, cause: 'EMFILE' } };
    return text === null ? { kind: 'missing', problem: { code: 'missing', file } } : parseStatusFile(text);
  };
  const sources: Sources = {
    file: () => ({
      open: (onReading) => {
        let cancel = () => {};
        let looking: Promise<void> | null = null;
        let again = false;
        const look = () => {
          again = true;
          looking ??= (async () => {
            while (again) {
              again = false;
              await onReading(reading());
            }
            looking = null;
          })();
        };
        changed.add(look);
        clock.after(0, look);
        return {
          look,
          lookAt: (due) => {
            cancel();
            cancel = clock.after(due - time.now(), look);
          },
          close: async () => {
            cancel();
            changed.delete(look);
            await looking;
          },
        };
      },
    }),
    onChange: () => () => {},
    ensure: () => {},
    close: () => {},
  };

  const files: Files = {
    factsOf: () => (text === null ? null : { mtimeMs: changedAt, uid }),
    troubleOf: () => null,
    canStart: () => true,
    real: (path) => path,
    exists: () => true,
    isExecutable: () => false,
    holdsBeat: () => false,
    script: () => null,
    lastLines: () => '',
    mountsOf: () => null,
    sharesMounts: () => true,
    reaches: () => true,
    together: (work) => work(),
    lock: () => ({ file, keep: () => {}, release: () => {} }),
    foreign: () => null,
  };

  const all = () => [...processes.values()];
  const processPort: Processes = {
    machine: () => machine,
    origin: () => ({ machine: `${machine.boot} ${machine.namespace}`, host: 'sim', rooted: false }),
    uptimeMs,
    get: (pid) => processes.get(pid) ?? 'none',
    markOf: (pid) => processes.get(pid)?.mark ?? 'none',
    list: (filter) => ({ rows: all().filter(({ args }) => args !== null && filter(args)), complete: true }),
    kin: () => all().map((each) => ({ ...each, session: null })),
    hasNamesake: () => false,
    ancestors: () => [2],
    signal: (pid, signal) => {
      const found = all().filter((each) => (pid < 0 ? each.group === -pid : each.pid === pid));
      for (const each of found) if (signal === 'SIGKILL' || !each.deaf) processes.delete(each.pid);
      return found.length > 0 ? 'sent' : 'gone';
    },
  };

  const started: number[] = [];
  const restarter: Commands['restarter'] = () => {
    let last: { readonly pid: number; readonly startedUp: number; readonly at: number } | null = null;
    const alive = () => last !== null && processes.has(last.pid);
    return {
      restart: () => {
        const pid = startBot();
        started.push(time.now());
        last = { pid, startedUp: uptimeMs(), at: time.now() };
      },
      end: async () => {},
      signal: (signal) => void (last !== null && processPort.signal(-last.pid, signal)),
      group: () =>
        last === null
          ? 'none'
          : { group: last.pid, alive: alive(), startedUp: last.startedUp, held: false, end: null },
      facts: () =>
        last === null ? null : { ...nothingRun, startedAt: last.at, running: alive(), groupAlive: alive() },
      refuse: () => {},
      passOutput: () => {},
      close: () => {},
    };
  };
  const commands: Commands = { restarter, lastResort: () => {}, endProcess: async () => 'ended' };
  const ports: Ports = { clock, random: () => 0.5, sources, files, processes: processPort, commands };
  return {
    ...time,
    ports,
    startBot,
    started,
    bots: all,
    hang: (pid: number, deaf = false) => Object.assign(processes.get(pid) ?? {}, { hung: true, deaf }),
    crash: (pid: number) => processes.delete(pid),
    /** Whether the status file cannot be read: no change of its folder announces that, or the end of it. */
    blind: (is: boolean) => {
      isBlind = is;
    },
  };
};
