import { type ChildProcess, spawn } from 'node:child_process';
import { type CommandFacts, nothingRun } from '../../core/observation.ts';
import type { GroupFacts } from '../../custody/custody.ts';
import { type CommandOutput, openOutput } from './command-output.ts';
import { endGroup } from './end-process.ts';
import { type GroupMark, groupLives, isSameGroup, machine, markGroup, originOf } from './process-table.ts';
import { sendSignal } from './processes/common.ts';

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

export type Restarter = {
  /** Runs the command. The bot before it is gone by now, or the command ends it by itself. */
  readonly restart: () => void;
  /** Ends the group and waits for it: the end of the monitor is the end of a bot whose parent it is. */
  readonly end: () => Promise<void>;
  /** A signal for the group of the last command, whichever monitor started it. */
  readonly signal: (signal: NodeJS.Signals) => void;
  /** What is known of that group. */
  readonly group: () => GroupFacts;
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

/** Runs the operator's command in a shell and a process group of its own. */
export const createRestarter = (options: RestarterOptions): Restarter => {
  const { command, memory, outputFile, killAfterMs, now, forward, log, clean } = options;
  const cleaned = clean === undefined ? {} : { clean };
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
    if (outputFile !== null && mark !== null && isSameGroup(mark))
      output = openOutput(outputFile, forward, { adopt: true, ...cleaned });
  };

  const begin = (): ChildProcess | null => {
    const tell = (error: unknown) =>
      log(`The restart command could not be started: ${error instanceof Error ? error.message : error}`);
    try {
      return start(command, output, options.env).once('error', tell);
    } catch (error) {
      tell(error);
      return null;
    }
  };

  const refuse = (why: string) => {
    refused = { why, at: now() };
    // What was ended before has nothing to do with a restart that was not made.
    if (own?.lastWords !== null) own = undefined;
    options.onExit();
  };

  const restart = (): void => {
    refused = null;
    mayAdopt = false;
    close();
    const before = memory.load();
    output =
      outputFile === null
        ? undefined
        : openOutput(outputFile, forward, { path: options.env?.PATH, ...cleaned });
    const child = begin();
    output?.handedOver();
    if (child?.pid === undefined) {
      close();
      refuse('the restart command could not be started: the log of the monitor says why');
      return;
    }
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
      close();
      // By the group that is gone the bot before is known to be gone.
      memory.save(before);
      refuse(
        'the journal could not be written, so a monitor after this one would not know the bot: the command was not run',
      );
      return;
    }
    own = { child, mark, startedAt: now(), endedAt, lastWords: null };
    child.stdin?.end('go\n');
  };

  const facts = (search: boolean): CommandFacts | null => {
    const nothing = { ...nothingRun, refused: refused?.why ?? null, refusedAt: refused?.at ?? null };
    if (own !== undefined) {
      const { exitCode, signalCode, pid } = own.child;
      const running = own.lastWords === null && pid !== undefined && exitCode === null && signalCode === null;
      return {
        ...nothing,
        startedAt: own.startedAt,
        running,
        exitCode,
        signal: signalCode,
        endedAt: own.endedAt.at,
        groupAlive: groupAlive(),
      };
    }
    if (refused !== null) return nothing;
    const mark = search ? memory.load() : null;
    if (mark === null) return null;
    const alive = isSameGroup(mark);
    return { ...nothing, running: alive, groupAlive: alive };
  };

  /** The group that was started last, by this monitor or the one before it. */
  const last = (): { readonly group: number; readonly mark: GroupMark | null } | null => {
    const mark = own?.mark ?? memory.load();
    const group = own?.child.pid ?? mark?.group;
    return group === undefined ? null : { group, mark };
  };
  const lives = ({ group, mark }: { readonly group: number; readonly mark: GroupMark | null }): boolean =>
    mark === null ? groupLives(group) : isSameGroup(mark);
  const groupAlive = (): boolean | null => {
    const known = last();
    return known === null ? null : lives(known);
  };

  return {
    restart,
    end,
    signal: (signal) => {
      const known = last();
      if (known !== null && lives(known)) sendSignal(-known.group, signal);
    },
    group: () => {
      const known = last();
      if (known === null) return 'none';
      const startedUp = (known.mark?.startTicks ?? 0) * 10;
      const { exitCode = null, signalCode = null } = own?.child ?? {};
      const hasEnded = exitCode !== null || signalCode !== null;
      const end = hasEnded ? (exitCode === 0 ? 'well' : 'failed') : null;
      const { mark } = known;
      const origin = mark === null || mark.machine === machine() ? null : originOf(mark);
      return { group: known.group, alive: lives(known), startedUp, held: false, end, origin };
    },
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
