import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { bareEnv } from '@sentinel/tooling-shipped';
import { refuseWebhookIn } from '@sentinel/tooling-vitest/webhook-secret';

/** Waits until a look gives something, and says what it waited for when it never does. */
export const until = async <T>(
  what: string,
  look: () => T | Promise<T>,
  ms = 60_000,
): Promise<NonNullable<T>> => {
  const deadline = performance.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found as NonNullable<T>;
    if (performance.now() > deadline) throw new Error(`Waited ${ms / 1000} s in vain: ${what}`);
    await sleep(50);
  }
};

/** Starts programs in one folder, keeps what they print, and ends all of them by their pids. */
export const createStage = (folder: string) => {
  const children: ChildProcess[] = [];
  const lines: string[] = [];
  const start = (program: string, args: readonly string[], env: NodeJS.Dict<string> = {}) => {
    const child = spawn(program, args, {
      cwd: folder,
      env: bareEnv(env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => lines.push(line));
    return child;
  };
  const stop = async () => {
    for (const child of children) child.kill('SIGTERM');
    // A process that was stopped acts on TERM only once it goes on.
    for (const child of children) child.kill('SIGCONT');
    await until('every process has ended', () =>
      children.every(({ exitCode, signalCode }) => exitCode !== null || signalCode !== null),
    );
    refuseWebhookIn(lines.join('\n'), 'what was printed');
  };
  return { start, stop, lines };
};

/** The pid in the last beat of a status file, where one stands. */
export const pidIn = (file: string): number | undefined => {
  if (!existsSync(file)) return undefined;
  const pid = /"pid":\s*(\d+)/.exec(readFileSync(file, 'utf8'))?.[1];
  return pid === undefined ? undefined : Number(pid);
};
