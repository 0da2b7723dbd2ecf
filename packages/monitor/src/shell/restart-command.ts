import { type ChildProcess, spawn } from 'node:child_process';
import { type CommandFacts, nothingRun } from '../core/observation.ts';
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
  /** What it printed last, once it was ended from here: that is told when its restart counts as failed. */
  readonly lastWords: string | null;
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
  /** Of the command that runs, whichever monitor started it. */
  let output: CommandOutput | undefined;
  let mayAdopt = true;
  let refused: { readonly why: string; readonly at: number } | null = null;

  const end = async (): Promise<void> => {
    const mark = memory.load();
    if (own?.child.pid !== undefined && own.lastWords === null)
      await endGroup(own.child.pid, own.mark, killAfterMs);
    else if (mark !== null && isSameGroup(mark)) {
      log(`Process group ${mark.group} of the monitor before this one still runs: it is ended`);
      await endGroup(mark.group, mark, killAfterMs);
    }
    close();
    memory.save(null);
  };

  const close = () => {
    output?.pass();
    if (own?.lastWords === null) own = { ...own, lastWords: output?.tail() ?? '' };
    output?.close();
    output = undefined;
  };

  /** A bot in the foreground that outlived its monitor prints on, and its file stays bounded by the next one. */
  const adopt = () => {
    if (!mayAdopt) return;
    mayAdopt = false;
    const mark = memory.load();
    if (mark !== null && isSameGroup(mark)) output = openOutput(outputFile, forward, { adopt: true });
  };

  const begin = (): ChildProcess | null => {
    const tell = (error: unknown) =>
      log(`The restart command could not be started: ${error instanceof Error ? error.message : error}`);
    try {
      return start(command, output).once('error', tell);
    } catch (error) {
      tell(error);
      return null;
    }
  };

  const refuse = (why: string) => {
    refused = { why, at: now() };
    // What was ended before has nothing to do with a restart that was not made.
    if (own?.lastWords !== null) own = undefined;
  };

  const restart = async (): Promise<void> => {
    refused = null;
    mayAdopt = false;
    await end();
    output = openOutput(outputFile, forward);
    const child = begin();
    if (child?.pid === undefined) {
      close();
      return refuse('the restart command could not be started: the monitor’s log says why');
    }
    child.once('exit', (code, signal) => log(`The restart command ended (${signal ?? `exit code ${code}`})`));
    child.stdin?.on('error', () => {});
    // A monitor that is told to end does not wait for a bot in the foreground, which lives on.
    child.unref();
    const mark = markGroup(child.pid);
    own = { child, mark, startedAt: now(), lastWords: null };
    memory.save(mark);
    child.stdin?.end('go\n');
  };

  const facts = (search: boolean): CommandFacts | null => {
    const nothing = { ...nothingRun, refused: refused?.why ?? null, refusedAt: refused?.at ?? null };
    if (own !== undefined) {
      const { exitCode, signalCode, pid } = own.child;
      const running = own.lastWords === null && pid !== undefined && exitCode === null && signalCode === null;
      return { ...nothing, startedAt: own.startedAt, running, exitCode, signal: signalCode };
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
        : { ...known, output: own.lastWords ?? output?.tail() ?? '' };
    },
    refuse,
    passOutput: () => {
      adopt();
      output?.pass();
    },
    close,
  };
};
