import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { descendants, isAlive } from './processes.ts';

type Paint = (code: number, text: string) => string;

type Member = {
  /** Resolves when a line of its output matches, or when it has ended. */
  readonly says: (pattern: RegExp) => Promise<void>;
  readonly ended: Promise<number>;
};

// Five seconds are promised from Ctrl-C to the end of the last process.
const patienceMs = 4000;
const killMs = 900;
const colours: Readonly<Record<string, number>> = { api: 35, monitor: 34, bot: 33 };
// The bot prints through its parent, the monitor; its lines begin with the time of day alone.
const botLine = /^\d{2}:\d{2}:\d{2}\.\d{3} /;

/** The processes of one `start`: each line they print gets its name in front, and they end together. */
export const createFleet = (paint: Paint) => {
  const children: ChildProcess[] = [];
  let stopping = false;

  const start = (name: string, args: readonly string[], env: NodeJS.Dict<string> = {}): Member => {
    if (stopping) return { says: () => new Promise(() => {}), ended: new Promise(() => {}) };
    // A process group of its own: Ctrl-C reaches this process alone, which then ends the others in order.
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    const listeners = new Set<(line: string) => void>();
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        const who = botLine.test(line) ? 'bot' : name;
        console.log(`${paint(colours[who] ?? 0, who.padEnd(7))} ${paint(2, '│')} ${line}`);
        for (const listener of listeners) listener(line);
      });
    const ended = new Promise<number>((done) => {
      child.once('error', () => done(1));
      child.once('exit', (code) => done(code ?? 1));
    });
    const says = (pattern: RegExp) =>
      Promise.race([
        new Promise<void>((done) => {
          listeners.add((line) => {
            if (pattern.test(line)) done();
          });
        }),
        ended.then(() => {}),
      ]);
    return { says, ended };
  };

  /** A process that was started elsewhere ends with the others. */
  const adopt = (child: ChildProcess): void => void children.push(child);

  /** Ends everything. The pids of what could not be ended. */
  const stop = async (): Promise<number[]> => {
    stopping = true;
    // The bot is a child of the monitor: whom to end, should the monitor not do it in time, is known only now.
    const all = descendants(process.pid);
    for (const { pid } of children) signal(pid, 'SIGTERM');
    const deadline = performance.now() + patienceMs;
    while (all.some(isAlive) && performance.now() < deadline) await sleep(50);
    for (const pid of new Set([...all, ...descendants(process.pid)])) signal(pid, 'SIGKILL');
    const last = performance.now() + killMs;
    while (all.some(isAlive) && performance.now() < last) await sleep(20);
    return all.filter(isAlive);
  };

  return { start, adopt, stop };
};

export type Fleet = ReturnType<typeof createFleet>;

const signal = (pid: number | undefined, name: NodeJS.Signals | 0): boolean => {
  try {
    return pid !== undefined && process.kill(pid, name);
  } catch {
    return false;
  }
};
