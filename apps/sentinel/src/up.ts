import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { environmentOfApi } from './env.ts';
import type { ProgramName } from './words.ts';

const apiAgainMs = 5000;

const say = (line: string) => process.stdout.write(`sentinel: ${line}\n`);

/** Resolves to the exit code; 1 stands for a signal, and for a program that could not be started. */
const endOf = (child: ChildProcess): Promise<number> =>
  once(child, 'exit').then(
    ([code]) => (code as number | null) ?? 1,
    (error: Error) => {
      process.stderr.write(`sentinel: ${error.message}\n`);
      return 1;
    },
  );

/** What the monitor says of a command line, or of a config file, that it cannot use. */
const usage = 64;

/** Whether the monitor refuses its options: asked by a look, before a port is taken. The exit code; `null`: it does not. */
const refusalOf = (args: readonly string[], fileOf: (program: ProgramName) => string): number | null => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [...process.execArgv, fileOf('monitor'), ...args, '--check'],
    { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' },
  );
  if (status !== usage) return null;
  process.stderr.write(stderr);
  return usage;
};

/**
 * Runs the API, then the monitor, until a signal ends both. The end of the monitor ends the API, and its exit code is the
 * one of all. The end of the API does not end the monitor: a page that is gone is no reason to leave a bot unwatched.
 */
export const up = async (
  args: readonly string[],
  fileOf: (program: ProgramName) => string,
): Promise<number> => {
  const refused = refusalOf(args, fileOf);
  if (refused !== null) return refused;
  const running = new Map<ProgramName, ChildProcess>();
  let told = false;
  const pass = (signal: NodeJS.Signals) => {
    for (const child of running.values()) child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      told = true;
      pass(signal);
    });
  // The monitor reads its config file anew, or ends where it has none.
  process.on('SIGHUP', () => running.get('monitor')?.kill('SIGHUP'));

  const start = (program: ProgramName, own: readonly string[], stdout: 'inherit' | 'pipe') => {
    const child = spawn(process.execPath, [...process.execArgv, fileOf(program), ...own], {
      stdio: ['ignore', stdout, 'inherit'],
      ...(program === 'api' ? { env: environmentOfApi(args) } : {}),
    });
    running.set(program, child);
    const ended = endOf(child).finally(() => running.delete(program));
    return { child, ended };
  };

  const startApi = () => {
    const { child, ended } = start('api', [], 'pipe');
    const listening = new Promise<void>((done) => {
      if (child.stdout === null) return;
      createInterface({ input: child.stdout }).on('line', (line) => {
        process.stdout.write(`${line}\n`);
        if (/listening on/.test(line)) done();
      });
    });
    return { ended, listening };
  };

  const api = startApi();
  const early = await Promise.race([api.listening, api.ended]);
  if (told) return 0;
  if (early !== undefined) return early;
  const keepApi = async () => {
    for (let { ended } = api; ; { ended } = startApi()) {
      const code = await ended;
      if (told) return;
      say(`the API ended (exit code ${code}). It is started again in 5 s. The monitor goes on`);
      await sleep(apiAgainMs, undefined, { ref: false });
      if (told) return;
    }
  };
  const monitor = start('monitor', args, 'inherit');
  void keepApi();
  const code = await monitor.ended;
  told = true;
  running.get('api')?.kill('SIGTERM');
  while (running.size > 0) await sleep(20);
  return code;
};
