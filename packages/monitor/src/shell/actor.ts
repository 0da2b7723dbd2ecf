import type { Supervision } from '@sentinel/history';
import type { Notification } from '@sentinel/notify';
import type { Action } from '../core/actions.ts';
import { childEnvironment } from '../core/child-environment.ts';
import type { CommandFacts } from '../core/observation.ts';
import type { Custody, GroupFacts } from '../custody/custody.ts';
import { Custodian } from './custodian/custodian.ts';
import type { Commit } from './journal/steps.ts';
import type { BotOptions } from './options.ts';
import type { Shared } from './shared.ts';

/** Does what was decided for one bot. */
export type Actor = {
  readonly custodian: Custodian;
  /** What the monitor before has left, as far as it holds for this one. */
  readonly kept: (left: unknown) => unknown;
  /** Proves by a write that what is done next can be noted. */
  readonly canNote: () => boolean;
  /** Writes a step down, with all that it tells; resolves when it stands in the journal, or that was tried. */
  readonly commit: (commit: Omit<Commit, 'notify'>) => Promise<void>;
  /** What is written of the bot for others. */
  readonly supervised: (supervision: Supervision) => void;
  /** Tells people what no step tells. */
  readonly notify: (notification: Notification) => void;
  readonly carryOut: (action: Action) => void;
  /** What was decided is not done, and why. */
  readonly refuse: (why: string, actions: readonly Action[]) => void;
  /** Tells of a last command that a monitor before has begun, and of which nobody has told how it ended. */
  readonly tellOwed: () => void;
  /** What came of a person's command, in words. */
  readonly resultOf: (command: string, result: string) => string;
  /** @param search also whether a command of another monitor runs, and what ours printed. */
  readonly command: (search: boolean) => CommandFacts | null;
  readonly passOutput: () => void;
  /** The last lines of the bot's log or output. `beatAt`: when its last beat came, on the clock of decisions. */
  readonly lastLines: (beatAt: number | null) => string;
  /** Ends what the restart command started, in its group and, as far as that is known, elsewhere (`setsid`, a daemon). */
  readonly end: (custody: Custody | null) => Promise<void>;
  readonly close: () => void;
};

export type Surroundings = {
  /** Files may be made beside the status file. */
  readonly mayWrite: boolean;
  /** Called when the restart command has ended, or was not run: the bot may have ended with it. */
  readonly onExit: () => void;
};

export type ActorOf = (options: BotOptions, shared: Shared, surroundings: Surroundings) => Actor;

/** What a command of this bot inherits; `undefined`: all that this process has. */
export const environmentOf = ({ passEnv }: BotOptions, { environment }: Shared, command: string) =>
  environment && childEnvironment(command, environment, passEnv ?? '');

let given: {
  readonly text: string | undefined;
  readonly environment: ReturnType<typeof environmentOf>;
} | null = null;

/** The same for the custodian of the bot: as a rule that of all bots is the same, and is held once. */
const sharedEnvironment: typeof environmentOf = (options, shared, command) => {
  const environment = environmentOf(options, shared, command);
  if (environment === undefined) return undefined;
  const text = JSON.stringify(environment);
  if (given === null || given.text !== text) given = { text, environment };
  return given.environment;
};

/** The custodian of a bot; what it knows to be this bot's is known to the other bots of the monitor until it is closed. */
export const openCustodian = (
  options: BotOptions,
  shared: Shared,
  group: () => GroupFacts,
): { readonly custodian: Custodian; readonly close: () => void } => {
  const { name: bot, command } = options;
  const custodian = new Custodian({
    file: options.file,
    command,
    commandEndsBot: options.commandEndsBot === true,
    botProcess: options.botProcess,
    environment: command === undefined ? undefined : sharedEnvironment(options, shared, command),
    supervise: options.supervise === true,
    graceMs: options.restart.graceMs,
    files: shared.files,
    processes: shared.processes,
    memory: shared.journal.lastProcess(bot),
    group,
    another: (isSuch) => {
      for (const [name, claim] of shared.claims) if (isSuch(claim) && name !== bot) return true;
      return false;
    },
    wall: shared.clock.wall,
    isSuccessor: true,
  });
  shared.claims.set(bot, custodian.claim);
  return {
    custodian,
    close: () => {
      if (shared.claims.get(bot) === custodian.claim) shared.claims.delete(bot);
    },
  };
};
