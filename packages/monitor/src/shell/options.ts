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
  /** The operator's command that starts the bot; without one the monitor only watches and tells. */
  readonly command?: string;
  /** The command itself ends the bot before it: the monitor ends nothing. Default: only of commands that are known to. */
  readonly commandEndsBot?: boolean;
  /** A regular expression for the bot's command line, to find its processes. Default: what the command runs. */
  readonly botProcess?: string;
  /** Run once in an incident when the restart budget is spent: it cancels orders or flattens positions. */
  readonly lastResort?: string;
  /** Names of variables that its commands get besides, separated by commas; `*` at the end stands for any. */
  readonly passEnv?: string;
  /** Be the bot's parent: start it at once unless it beats. Default: false. */
  readonly supervise?: boolean;
  /** Decide as ever but do nothing: restarts and alerts are logged as what would have been. Default: false. */
  readonly dryRun?: boolean;
  /** Listen to changes of the file's folder. Default: true; without it only the interval and deadlines find them. */
  readonly watch?: boolean;
};

/** Facts beside a line of the log: `{ bot: 'bot1', attempt: 2 }`. */
export type LogFacts = Readonly<Record<string, unknown>>;

/** Where the monitor says what it sees and does. Holds no secret. */
export type MonitorLog = {
  readonly info: (message: string, facts?: LogFacts) => void;
  readonly warn: (message: string, facts?: LogFacts) => void;
  readonly error: (message: string, facts?: LogFacts) => void;
};

/** What a monitor is given. Where a port is not given it is this machine's. */
export type MonitorOptions = Partial<Ports> & {
  readonly bots: readonly BotOptions[];
  /** What the monitor decides, sees and is told to do, and what it must know after its own restart. */
  readonly store: Store;
  /** Who tells people: `createNotifier` of `@sentinel/notify` gives one. */
  readonly notifier: { readonly notify: (notification: Notification) => void };
  /** The longest time between two looks at a bot, in ms. */
  readonly intervalMs: number;
  readonly log: MonitorLog;
  /** Called after the monitor has done work, at least every five seconds: the proof of its own life. */
  readonly onWork?: () => void;
  /** What every text goes through that is shown, sent or kept, what commands print too. Default: what `createCleaner` makes without secrets. */
  readonly clean?: (text: string) => string;
  /** Takes what restart commands print, a bot in the foreground too. Default: it goes to this process's output. */
  readonly onOutput?: (text: string, bot: string) => void;
  /** The environment in which the monitor was started: commands inherit from it. Default: that of this process, whole. */
  readonly environment?: Environment;
};

export type Monitor = {
  /** Every bot as it is at this moment, in the order of the options. */
  readonly views: () => readonly BotView[];
  /**
   * Watches these bots from now on. What is the same goes on without a break, a bot whose options changed keeps what is
   * known of it, and one that is no longer there is let go; its process is left alone.
   *
   * @throws InstanceHeldError (as a rejection) when another monitor watches one of the new files, RangeError as
   * `startMonitor` does; then nothing was changed.
   */
  readonly reconfigure: (bots: readonly BotOptions[]) => Promise<void>;
  /** Ends the watching, and with `endBot` the bots that are supervised; the others run on. */
  readonly stop: (options?: { readonly endBot?: boolean }) => Promise<void>;
};
