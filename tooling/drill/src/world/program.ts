import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { compileCache } from './programs.ts';

export type Options = {
  readonly env?: NodeJS.Dict<string>;
  /** What the program is started through: `unshare`, `setpriv`, `prlimit`, `faketime`. */
  readonly through?: readonly string[];
  /** Another node, where the machine of the drill has its own. */
  readonly node?: string;
  readonly entry?: string;
};

/** Debian's own python3 before any other, as a service has it. */
const searched = `/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin:${process.env.PATH ?? ''}`;

/** Starts a program in the folder of a drill, and keeps what it prints. */
export const startProgram = (argv: readonly string[], folder: string, env: NodeJS.Dict<string> = {}) => {
  const [name = '', ...args] = argv;
  const child = spawn(name, args, {
    cwd: folder,
    env: {
      PATH: searched,
      HOME: folder,
      TZ: 'UTC',
      LANG: 'C.UTF-8',
      NODE_COMPILE_CACHE: compileCache,
      ...env,
    },
    // A group of its own: as from another terminal.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-400_000);
    });
  child.once('error', (error) => {
    said += `could not be started: ${error.message}`;
  });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return {
    argv,
    pid: child.pid ?? 0,
    said: () => said,
    ended,
    exitCode: () => child.exitCode ?? (child.signalCode === null ? null : 128),
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    /** Ends it politely and waits for that. */
    stop: async () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
};
export type Program = ReturnType<typeof startProgram>;
