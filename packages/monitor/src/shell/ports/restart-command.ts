import { type CommandFacts, nothingRun } from '../../core/observation.ts';
import type { GroupFacts } from '../../custody/custody.ts';
import { type CommandOutput, openOutput } from './command-output.ts';
import { endGroup } from './end-process.ts';
import { prepareKeeper } from './output-keeper.ts';
import { type GroupMark, groupLives, isSameGroup, machine, originOf } from './process-table.ts';
import { sendSignal } from './processes/common.ts';
import { type GroupMemory, type Own, type RestarterOptions, runCommand } from './start-command.ts';

export type Restarter = {
  /** Runs the command. The bot before it is gone by now, or the command ends it by itself. */
  readonly restart: () => void;
  /** Ends the group and waits for it: the end of the monitor is the end of a bot whose parent it is. */
  readonly end: () => Promise<void>;
  /** A signal for the group of the last command, whichever monitor started it. */
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly group: () => GroupFacts;
  /** What is known of the last command; with `search`, also whether that of another monitor still runs. */
  readonly facts: (search: boolean) => CommandFacts | null;
  /** The command was not run, and why. */
  readonly refuse: (why: string) => void;
  readonly passOutput: () => void;
  readonly close: () => void;
};

/** What the command prints that runs, whichever monitor started it. */
const outputOf = ({ outputFile, forward, clean, env, memory }: RestarterOptions) => {
  const cleaned = clean === undefined ? {} : { clean };
  let output: CommandOutput | undefined;
  let mayAdopt = true;
  /** A bot in the foreground that outlived its monitor prints on, and its file stays bounded by the next one. */
  const adopt = () => {
    if (!mayAdopt) return;
    mayAdopt = false;
    const mark = memory.load();
    if (outputFile !== null && mark !== null && isSameGroup(mark))
      output = openOutput(outputFile, forward, { adopt: true, ...cleaned });
  };
  return {
    open: (): CommandOutput | undefined => {
      mayAdopt = false;
      output =
        outputFile === null ? undefined : openOutput(outputFile, forward, { path: env?.PATH, ...cleaned });
      return output;
    },
    pass: () => {
      adopt();
      output?.pass();
    },
    tail: () => output?.tail() ?? '',
    /** Passes on the rest, and gives the last words. */
    close: (): string => {
      output?.pass();
      const words = output?.tail() ?? '';
      output?.close();
      output = undefined;
      return words;
    },
  };
};

/** The group that was started last, by this monitor or the one before it. */
const groupOf = (own: () => Own | undefined, memory: GroupMemory) => {
  const last = (): { readonly group: number; readonly mark: GroupMark | null } | null => {
    const mark = own()?.mark ?? memory.load();
    const group = own()?.child.pid ?? mark?.group;
    return group === undefined ? null : { group, mark };
  };
  const lives = ({ group, mark }: { readonly group: number; readonly mark: GroupMark | null }): boolean =>
    mark === null ? groupLives(group) : isSameGroup(mark);
  return {
    isAlive: (): boolean | null => {
      const known = last();
      return known === null ? null : lives(known);
    },
    signal: (signal: NodeJS.Signals) => {
      const known = last();
      if (known !== null && lives(known)) sendSignal(-known.group, signal);
    },
    facts: (): GroupFacts => {
      const known = last();
      if (known === null) return 'none';
      const startedUp = (known.mark?.startTicks ?? 0) * 10;
      const { exitCode = null, signalCode = null } = own()?.child ?? {};
      const hasEnded = exitCode !== null || signalCode !== null;
      const end = hasEnded ? (exitCode === 0 ? 'well' : 'failed') : null;
      const { mark } = known;
      const origin = mark === null || mark.machine === machine() ? null : originOf(mark);
      return { group: known.group, alive: lives(known), startedUp, held: false, end, origin };
    },
  };
};

/** A restart that was not made, and since when that is known. */
type Refusal = { readonly why: string; readonly at: number };

const notRun = (refused: Refusal | null): CommandFacts => ({
  ...nothingRun,
  refused: refused?.why ?? null,
  refusedAt: refused?.at ?? null,
});

const factsOf = (own: Own, groupAlive: boolean | null): Partial<CommandFacts> => {
  const { exitCode, signalCode, pid } = own.child;
  return {
    startedAt: own.startedAt,
    running: own.lastWords === null && pid !== undefined && exitCode === null && signalCode === null,
    exitCode,
    signal: signalCode,
    endedAt: own.endedAt.at,
    groupAlive,
  };
};

/** Runs the operator's command in a shell and a process group of its own. */
export const createRestarter = (options: RestarterOptions): Restarter => {
  const { memory, now, log } = options;
  /** Known at any rate while this process lives, also where no mark can be had. */
  let own: Own | undefined;
  let refused: Refusal | null = null;
  const output = outputOf(options);
  if (options.outputFile !== null) prepareKeeper(options.env?.PATH);
  const group = groupOf(() => own, memory);

  const close = () => {
    const words = output.close();
    if (own?.lastWords === null) own = { ...own, lastWords: words };
  };
  const refuse = (why: string) => {
    refused = { why, at: now() };
    // What was ended before has nothing to do with a restart that was not made.
    if (own?.lastWords !== null) own = undefined;
    options.onExit();
  };

  return {
    restart: () => {
      refused = null;
      close();
      const started = runCommand(options, output.open());
      if ('refused' in started) {
        close();
        // By the group that is gone the bot before is known to be gone.
        if (started.before !== undefined) memory.save(started.before);
        refuse(started.refused);
      } else own = started;
    },
    end: async () => {
      const mark = memory.load();
      if (own?.child.pid !== undefined && own.lastWords === null)
        await endGroup(own.child.pid, own.mark, options.killAfterMs);
      else if (mark !== null && isSameGroup(mark)) {
        log(`Process group ${mark.group} of the monitor before this one still runs: it is ended`);
        await endGroup(mark.group, mark, options.killAfterMs);
      }
      close();
      memory.save(null);
    },
    signal: group.signal,
    group: group.facts,
    facts: (search) => {
      if (own !== undefined) {
        const known = { ...notRun(refused), ...factsOf(own, group.isAlive()) };
        return search ? { ...known, output: own.lastWords ?? output.tail() } : known;
      }
      if (refused !== null) return notRun(refused);
      const mark = search ? memory.load() : null;
      if (mark === null) return null;
      const alive = isSameGroup(mark);
      return { ...nothingRun, running: alive, groupAlive: alive, output: output.tail() };
    },
    refuse,
    passOutput: output.pass,
    close,
  };
};
