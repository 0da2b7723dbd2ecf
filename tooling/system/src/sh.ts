import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a command printed, and how it ended. */
export type Outcome = { readonly code: number; readonly output: string };

export type ShOptions = {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly input?: string;
};

const running = new Set<() => void>();
process.once('exit', () => {
  for (const end of running) end();
});

/** Runs a line of shell and tells how it went, whatever it was. Output and errors come interleaved. */
export const attempt = (command: string, options: ShOptions = {}): Promise<Outcome> =>
  new Promise((resolve) => {
    const { cwd, env, timeoutMs = 240_000, input = '' } = options;
    const child = spawn('bash', ['-c', command], {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, ...env },
      // A group of its own, so that what it has started ends with it, and holds no pipe open.
      detached: true,
    });
    const end = () => {
      try {
        if (child.pid) process.kill(-child.pid, 'SIGKILL');
      } catch {}
    };
    const timer = setTimeout(() => {
      output += `\n(ended: it took longer than ${timeoutMs} ms)`;
      end();
    }, timeoutMs);
    running.add(end);
    let output = '';
    const add = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', add);
    child.stderr.on('data', add);
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const done = (code: number | null) => {
      clearTimeout(timer);
      running.delete(end);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ code: code ?? 1, output });
    };
    child.once('error', () => done(127));
    child.once('close', done);
    // A daemon that it leaves may keep the pipes open for ever.
    child.once('exit', (code) => setTimeout(done, 1_000, code).unref());
  });

/** Runs a line of shell that has to succeed, and returns its trimmed output. */
export const sh = async (command: string, options: ShOptions = {}): Promise<string> => {
  const { code, output } = await attempt(command, options);
  if (code !== 0) throw new Error(`\`${command}\` ended with ${code}:\n${output.slice(-4000)}`);
  return output.trim();
};

/** Asks until the answer is yes. */
export const until = async (
  what: string,
  ask: () => Promise<boolean>,
  { timeoutMs = 180_000, everyMs = 300 } = {},
): Promise<number> => {
  const start = performance.now();
  while (!(await ask())) {
    if (performance.now() - start > timeoutMs) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await sleep(everyMs);
  }
  return Math.round(performance.now() - start);
};

/** Ends a process by its id: TERM, then KILL if it stays; without grace KILL at once. */
export const endProcess = async (pid: number, graceMs = 10_000): Promise<void> => {
  const send = (signal: NodeJS.Signals | 0) => {
    try {
      return process.kill(pid, signal);
    } catch {
      return false;
    }
  };
  if (graceMs > 0) send('SIGTERM');
  const start = performance.now();
  while (send(0) && performance.now() - start < graceMs) await sleep(100);
  send('SIGKILL');
};
