import type { FileFormat } from '@sentinel/heartbeat-core';
import type { Store } from '@sentinel/history';
import type { Notification } from '@sentinel/notify';
import type { BotView } from '../core/bot-view.ts';
import type { Environment } from '../core/child-environment.ts';
import type { Policy } from '../core/policy.ts';
import type { Ports } from './ports/ports.ts';

/** One bot to watch. */
export type BotOptions = Policy & {
  /** Its name in alerts, in the journal and for commands. */
  readonly name: string;
  /** The status file. */
  readonly file: string;
  /** The time zone of timestamps without an offset. Default: that of this process. */
  readonly timeZone?: string;
  /** What is in that file. Default: the three lines of docs/status-file.md. */
  readonly format?: FileFormat;
  /** The operator's command that starts the bot; without it the monitor only watches and alerts. */
  readonly command?: string;
  /** The command itself ends the old bot, so the monitor ends nothing. Default: true only for commands that are known to do this. */
  readonly commandEndsBot?: boolean;
  /** A regular expression for the bot's command line, to find its processes. Default: what the command runs. */
  readonly botProcess?: string;
  /** The bot's log: its last lines are in the first message of an incident. Default: what the restart command prints. */
  readonly botLog?: string;
  /** Run once in an incident when the restart budget is spent: it cancels orders or closes positions. */
  readonly lastResort?: string;
  /** Names of more variables that the commands get, separated by commas; `*` at the end of a name matches any text. */
  readonly passEnv?: string;
  /** Be the bot's parent: start it at once unless it beats. Default: false. */
  readonly supervise?: boolean;
  /** Decide as usual but do nothing: restarts and alerts are only logged. Default: false. */
  readonly dryRun?: boolean;
  /** Listen to changes of the file's folder. Default: true. Without it a change is found only at an interval or a deadline. */
  readonly watch?: boolean;
};

/** Facts beside a line of the log: `{ bot: 'bot1', attempt: 2 }`. */
export type LogFacts = Readonly<Record<string, unknown>>;

/** Where the monitor logs what it sees and does. Contains no secret. */
export type MonitorLog = {
  readonly info: (message: string, facts?: LogFacts) => void;
  readonly warn: (message: string, facts?: LogFacts) => void;
  readonly error: (message: string, facts?: LogFacts) => void;
};

/** Options of a monitor. A port that is not given is this machine's own. */
export type MonitorOptions = Partial<Ports> & {
  readonly bots: readonly BotOptions[];
  /** Keeps what the monitor sees and decides, the commands that it gets, and what it must know after its own restart. */
  readonly store: Store;
  /** Notifies people: `createNotifier` of `@sentinel/notify` makes one. */
  readonly notifier: { readonly notify: (notification: Notification) => void };
  /** That notifies nobody: the next monitor that does tells what began meanwhile. Default: false. */
  readonly silent?: boolean;
  /** The longest time between two looks at a bot, in ms. */
  readonly intervalMs: number;
  readonly log: MonitorLog;
  /** Called after the monitor has done work, at least every five seconds: it proves that the monitor lives. */
  readonly onWork?: () => void;
  /** Cleans every text that is shown, sent or kept, also the output of commands. Default: `createCleaner` without secrets. */
  readonly clean?: (text: string) => string;
  /** Gets the output of restart commands, also of a bot in the foreground. Default: this process's output. */
  readonly onOutput?: (text: string, bot: string) => void;
  /** The environment in which the monitor was started: commands inherit from it. Default: the whole environment of this process. */
  readonly environment?: Environment;
};

export type Monitor = {
  /** The current state of every bot, in the order of the options. */
  readonly views: () => readonly BotView[];
  /**
   * Watches these bots from now on. A bot with the same options is watched without a break. For a bot with changed options
   * the monitor keeps what it knows. It stops watching a bot that is no longer in the list, and does not touch its process.
   *
   * @throws InstanceHeldError (as a rejection) when another monitor watches one of the new files, RangeError as
   * `startMonitor` does; then nothing was changed.
   */
  readonly reconfigure: (bots: readonly BotOptions[]) => Promise<void>;
  /** Ends the watching. With `endBot` it also ends the supervised bots; the other bots continue to run. */
  readonly stop: (options?: { readonly endBot?: boolean }) => Promise<void>;
};
