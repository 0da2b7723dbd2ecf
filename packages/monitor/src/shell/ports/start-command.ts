import { type ChildProcess, spawn } from 'node:child_process';
import { errorMessage } from '@sentinel/heartbeat-core';
import type { CommandOutput } from './command-output.ts';
import { type GroupMark, markGroup } from './process-table.ts';

/** Where the group that was started last is remembered: a monitor that was killed must find its bot again. */
export type GroupMemory = {
  readonly load: () => GroupMark | null;
  /** False: it is not on the disk. */
  readonly save: (mark: GroupMark | null) => boolean;
};

export type RestarterOptions = {
  readonly command: string;
  /** What it inherits; `undefined`: all that this process has. */
  readonly env?: Record<string, string> | undefined;
  readonly memory: GroupMemory;
  /** Where the command's output is kept; `null`: nowhere, it prints where the monitor does. */
  readonly outputFile: string | null;
  readonly killAfterMs: number;
  readonly now: () => number;
  readonly forward: (text: string) => void;
  /** What all that it prints goes through before anybody sees it. */
  readonly clean?: (text: string) => string;
  readonly log: (line: string) => void;
  /** The command has ended, and with it a bot in its foreground; or it was not run. */
  readonly onExit: () => void;
};

/** A command that this process has run. */
export type Own = {
  readonly child: ChildProcess;
  readonly mark: GroupMark | null;
  readonly startedAt: number;
  readonly endedAt: { at: number | null };
  /** What it printed last, once it was ended from here: that is told when its restart counts as failed. */
  readonly lastWords: string | null;
};

/**
 * The shell waits for a line before it runs the command: until then the group is not remembered, and a monitor that
 * dies in between leaves nothing behind, since the end of its input ends the shell.
 */
const gate = 'read -r _ && exec /bin/sh -c "$1" </dev/null';

const start = (
  command: string,
  output: CommandOutput | undefined,
  env: RestarterOptions['env'],
): ChildProcess => {
  const out = output?.descriptor ?? 'inherit';
  if (process.platform === 'win32')
    return spawn(command, { shell: true, detached: true, stdio: ['ignore', out, out], env });
  return spawn('/bin/sh', ['-c', gate, 'sentinel-restart', command], {
    detached: true,
    stdio: ['pipe', out, out],
    env,
  });
};

type Refused = {
  readonly refused: string;
  /** What is to be remembered again. */
  readonly before?: GroupMark | null;
};

/** Runs it once its group is on the disk; else it is not run. */
export const runCommand = (options: RestarterOptions, output: CommandOutput | undefined): Own | Refused => {
  const { command, memory, now, log } = options;
  const before = memory.load();
  const child = spawned(() => start(command, output, options.env), log);
  output?.handedOver();
  if (child?.pid === undefined)
    return { refused: 'the restart command could not be started: the log of the monitor says why' };
  const endedAt: Own['endedAt'] = { at: null };
  const settled = output?.settled ?? (async () => {});
  child.once('exit', (code, signal) => {
    endedAt.at = now();
    log(`The restart command ended (${signal ?? `exit code ${code}`})`);
    // What is decided next may tell what it printed last.
    void settled().then(options.onExit);
  });
  child.stdin?.on('error', () => {});
  // A monitor that is told to end does not wait for a bot in the foreground, which lives on.
  child.unref();
  const mark = markGroup(child.pid);
  if (!memory.save(mark) && mark !== null) {
    // The end of its input ends the shell before it runs anything.
    child.stdin?.destroy();
    return {
      refused:
        'the journal could not be written, so a monitor after this one would not know the bot: the command was not run',
      before,
    };
  }
  const own = { child, mark, startedAt: now(), endedAt, lastWords: null };
  child.stdin?.end('go\n');
  return own;
};

const spawned = (begin: () => ChildProcess, log: (line: string) => void): ChildProcess | null => {
  const tell = (error: unknown) => log(`The restart command could not be started: ${errorMessage(error)}`);
  try {
    return begin().once('error', tell);
  } catch (error) {
    tell(error);
    return null;
  }
};
