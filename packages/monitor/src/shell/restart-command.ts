import { type ChildProcess, spawn } from 'node:child_process';
import type { CommandFacts } from '../core/observation.ts';
import { type CommandOutput, openOutput } from './command-output.ts';
import { endGroup } from './end-process.ts';
import { type GroupMark, isSameGroup, markGroup } from './process-table.ts';

/** Where the group that was started last is remembered: a monitor that was killed must find its bot again. */
export type GroupMemory = {
  readonly load: () => GroupMark | null;
  readonly save: (mark: GroupMark | null) => void;
};

export type RestarterOptions = {
  readonly command: string;
  readonly memory: GroupMemory;
  /** Where the command's output is kept. */
  readonly outputFile: string;
  readonly killAfterMs: number;
  readonly now: () => number;
  readonly forward: (text: string) => void;
  readonly log: (line: string) => void;
};

export type Restarter = {
  /** Ends the group before, whichever monitor started it, then runs the command. Rejects with CannotEndError. */
  readonly restart: () => Promise<void>;
  readonly end: () => Promise<void>;
  /** What is known of the last command; with `search`, also whether that of another monitor still runs. */
  readonly facts: (search: boolean) => CommandFacts | null;
  /** The command was not run, and why. */
  readonly refuse: (why: string) => void;
  readonly passOutput: () => void;
  readonly close: () => void;
};

type Own = {
  readonly child: ChildProcess;
  readonly mark: GroupMark | null;
  readonly startedAt: number;
  readonly output: CommandOutput | undefined;
};

/**
 * The shell waits for a line before it runs the command: until then the group is not remembered, and a monitor that
 * dies in between leaves nothing behind, since the end of its input ends the shell.
 */
const gate = 'read -r _ && exec /bin/sh -c "$1" </dev/null';

const start = (command: string, output: CommandOutput | undefined): ChildProcess => {
  const out = output?.descriptor ?? 'inherit';
  if (process.platform === 'win32')
    return spawn(command, { shell: true, detached: true, stdio: ['ignore', out, out] });
  return spawn('/bin/sh', ['-c', gate, 'sentinel-restart', command], {
    detached: true,
    stdio: ['pipe', out, out],
  });
};

/** Runs the operator's command in a shell and a process group of its own. */
export const createRestarter = (options: RestarterOptions): Restarter => {
  const { command, memory, outputFile, killAfterMs, now, forward, log } = options;
  /** Known at any rate while this process lives, also where no mark can be had. */
  let own: Own | undefined;
  let refused: string | null = null;

  const end = async (): Promise<void> => {
    const mark = memory.load();
    if (own?.child.pid !== undefined) await endGroup(own.child.pid, own.mark, killAfterMs);
    else if (mark !== null && isSameGroup(mark)) {
      log(`Process group ${mark.group} of the monitor before this one still runs: it is ended`);
      await endGroup(mark.group, mark, killAfterMs);
    }
    close();
    memory.save(null);
  };

  const close = () => {
    own?.output?.pass();
    own?.output?.close();
    own = undefined;
  };

  const restart = async (): Promise<void> => {
    refused = null;
    await end();
    const output = openOutput(outputFile, forward);
    const child = start(command, output);
    child.once('error', (error) => log(`The restart command could not be started: ${error.message}`));
    child.once('exit', (code, signal) => log(`The restart command ended (${signal ?? `exit code ${code}`})`));
    child.stdin?.on('error', () => {});
    // A monitor that is told to end does not wait for a bot in the foreground, which lives on.
    child.unref();
    own = { child, mark: child.pid === undefined ? null : markGroup(child.pid), startedAt: now(), output };
    memory.save(own.mark);
    child.stdin?.end('go\n');
  };

  const facts = (search: boolean): CommandFacts | null => {
    const nothing = { startedAt: null, running: false, exitCode: null, signal: null, refused, output: '' };
    if (own !== undefined) {
      const { exitCode, signalCode, pid } = own.child;
      const running = pid !== undefined && exitCode === null && signalCode === null;
      return { ...nothing, startedAt: own.startedAt, running, exitCode, signal: signalCode, output: '' };
    }
    if (refused !== null) return nothing;
    const mark = search ? memory.load() : null;
    return mark === null ? null : { ...nothing, running: isSameGroup(mark) };
  };

  return {
    restart,
    end,
    facts: (search) => {
      const known = facts(search);
      return known === null || own === undefined || !search
        ? known
        : { ...known, output: own.output?.tail() ?? '' };
    },
    refuse: (why) => {
      refused = why;
    },
    passOutput: () => own?.output?.pass(),
    close,
  };
};
