import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bareEnv, shipped } from '@sentinel/tooling-shipped';
import { refuseWebhookIn } from '@sentinel/tooling-vitest/webhook-secret';

type Line = { readonly beat?: string; readonly msg: string; readonly source?: string };

/** Waits until `look` gives something other than null, undefined or false. */
export const until = async <T>(
  what: string | (() => string),
  look: () => T | Promise<T>,
  ms = 100_000,
): Promise<NonNullable<T>> => {
  const deadline = performance.now() + ms;
  while (performance.now() < deadline) {
    const seen = await look();
    if (seen !== null && seen !== undefined && seen !== false) return seen as NonNullable<T>;
    await sleep(50);
  }
  throw new Error(`Waited ${ms} ms in vain for: ${typeof what === 'string' ? what : what()}`);
};

/** The lines of a log that grows: each is read once, however often it is asked for. */
const follow = (file: string): (() => readonly Line[]) => {
  const lines: Line[] = [];
  let read = 0;
  return () => {
    try {
      const text = readFileSync(file, 'utf8');
      const end = text.lastIndexOf('\n') + 1;
      for (const line of text.slice(read, end).split('\n'))
        if (line !== '') lines.push(JSON.parse(line) as Line);
      read = end;
    } catch {
      // It has not begun yet.
    }
    return lines;
  };
};

export type Bot = ReturnType<typeof startBot>;

/** The real bot as a process of its own in `folder`, with only the given environment. */
export const startBot = (folder: string, env: Record<string, string> = {}, args: readonly string[] = []) => {
  const child: ChildProcess = spawn(process.execPath, [shipped('bot'), ...args], {
    cwd: folder,
    env: bareEnv({
      // Other tests run the same program at the same time: by this a monitor knows that theirs is another bot.
      HEARTBEAT_STATUS_FILE: join(folder, 'logs/heartbeat_status.txt'),
      HOME: folder,
      // What a browser of a killed bot leaves there goes with the folder.
      TMPDIR: folder,
      TZ: 'UTC',
      LOG_FORMAT: 'json',
      ...env,
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  const exited = once(child, 'exit').then(
    ([code, signal]) => ({ code, signal }) as { code: number | null; signal: string | null },
  );
  const log = follow(join(folder, 'logs/trading_sentinel.log'));
  const beats = () => log().flatMap(({ beat }) => (beat === undefined ? [] : [beat]));
  const count = (text: string) => beats().filter((beat) => beat.includes(text)).length;
  return {
    count,
    pid: child.pid ?? 0,
    exited,
    log,
    beats,
    output: () => output,
    /** Waits for a beat that has come more often than `after` times. */
    sees: (text: string, after = 0) =>
      until(
        () => `"${text}" after ${beats().slice(-5).join(' | ')} ${output.slice(-500)}`,
        () => count(text) > after,
      ),
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    stop: async () => {
      child.kill('SIGTERM');
      return exited;
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await exited;
      refuseWebhookIn(output, 'what the bot printed');
    },
  };
};
