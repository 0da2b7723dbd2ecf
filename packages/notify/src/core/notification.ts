import type { BotNotification } from './bot-notification.ts';
import type { PeerNotification } from './peer-notification.ts';

/** How loud a notification is; a channel has a floor below which it takes none. */
export type Severity = 'info' | 'warning' | 'critical';

/** Facts that any notification may carry. Instants are ms since the epoch. */
export type CommonFacts = {
  readonly bot: string;
  /** When it happened. Default: when it is raised. */
  readonly at?: number;
  /** The machine on which it happened. */
  readonly host?: string;
  /** The id of the incident that it is about: the same in each of its notifications. */
  readonly incident?: string;
  /** Where the page shows it. */
  readonly link?: string;
  /** Channels that a critical one reaches whatever they are sent otherwise: who was called for an incident hears of its end. */
  readonly alsoTo?: readonly string[];
};

/** What is known of the outage that a notification belongs to. */
export type IncidentFacts = {
  /** Since when the bot has not been well. */
  readonly since?: number;
  /** The bot's last status, as it wrote it. */
  readonly lastStatus?: string;
  /** What the bot had at stake by its last beat, in words. */
  readonly exposure?: string;
  /** What is done next if nobody acknowledges it, and when, in words. */
  readonly escalation?: string;
  /** What people are to do; what fits the kind is said where this is not given. */
  readonly next?: string;
};

/** What a command that the monitor ran left behind. */
export type CommandEnd = {
  readonly exitCode?: number | null;
  readonly signal?: string | null;
  /** The last lines that it printed. */
  readonly output?: string;
};

/** What is known of the end of the command of a spent budget. */
export type LastCommandEnd = {
  /** False also where that is not known. */
  readonly ok: boolean;
  readonly tookMs?: number;
  /** It was about to be run then (ms since the epoch), and the monitor ended before it told how it ended. */
  readonly begunAt?: number;
  /** It was not run, and why. */
  readonly refused?: string;
} & CommandEnd;

/** What had started the bot, and may start it again: a process, or the service of systemd that it is. */
export type BotKeeper = { readonly pid: number; readonly unit: string | null };

/** What becomes of a bot that is not well. A closed set: each has its own words. Lengths of time are in ms. */
export type RestartOutlook =
  | { readonly kind: 'now' | 'not-set-up' }
  /** `lastResort`: the command of `--on-exhausted` is run then. */
  | { readonly kind: 'budget-spent'; readonly lastResort?: true }
  /** Somebody has started it a moment ago: it gets its time. */
  | { readonly kind: 'started' }
  /** `keeper`: until then what had started the bot may start it again by itself. */
  | { readonly kind: 'in'; readonly ms: number; readonly keeper?: BotKeeper }
  | { readonly kind: 'not-safe'; readonly why: string; readonly advice: string }
  /** It ended with an exit code that says that it is not to be started again. */
  | { readonly kind: 'not-wanted'; readonly exitCode: number };

/** What the monitor says of a bot that it watches. Lengths of time are in ms. */
export type WatchNotification = CommonFacts &
  (
    | ({
        readonly kind: 'unhealthy';
        readonly state: string;
        readonly reason: string;
        /** What the monitor does about it. Default: nothing is said. */
        readonly restart?: RestartOutlook;
        /** It was well for so short a time that its incident goes on. Default: false. */
        readonly again?: boolean;
        /** The last lines of the bot's log or output. */
        readonly output?: string;
      } & IncidentFacts)
    | ({
        readonly kind: 'recovered';
        readonly outageMs: number;
        /** What is wrong with the bot all the same, though it beats. */
        readonly but?: string;
      } & IncidentFacts)
    | ({
        readonly kind: 'reminder';
        readonly state: string;
        readonly openForMs: number;
        readonly reason?: string;
        /** The restart budget is spent. */
        readonly exhausted?: boolean;
        readonly nextReminderInMs?: number;
      } & IncidentFacts)
    /** Nobody has acknowledged the incident: a channel is notified, or the last-resort command comes into question. */
    | ({
        readonly kind: 'escalated';
        readonly state: string;
        readonly reason: string;
        readonly openForMs: number;
        /** The channel that it is for. Default: all. */
        readonly to?: string;
        /** `spared`: the command is not run, because by the last beat nothing is at stake. */
        readonly command?: 'run' | 'spared' | 'forgotten';
        readonly output?: string;
      } & IncidentFacts)
    | ({ readonly kind: 'session-lost' } & IncidentFacts)
    /** What the bot says of itself although it beats; `open`: false when it says so no more. */
    | ({
        readonly kind: 'bot-says';
        readonly topic: 'halted' | 'needs-person' | 'mute-feed' | 'missed' | 'no-stop';
        readonly what: string;
        readonly open: boolean;
      } & IncidentFacts)
    | {
        /** Two runs of one bot beat in turn; or, with `processes`, two processes are the bot. */
        readonly kind: 'duplicate-instance';
        readonly instances: readonly {
          readonly instance: string;
          readonly pid: number | null;
          readonly host: string | null;
        }[];
        readonly processes?: readonly number[];
      }
    /** The clocks of bot and monitor differ: positive where the bot's is ahead. */
    | { readonly kind: 'clock-skew'; readonly aheadMs: number; readonly detail?: string }
    | { readonly kind: 'paused'; readonly by: string; readonly forMs: number; readonly reason: string }
    | { readonly kind: 'resumed'; readonly by: string }
    /** A person has halted the bot: it is not restarted. `forMs`: `null` is until a person ends it. */
    | { readonly kind: 'halted'; readonly by: string; readonly forMs: number | null; readonly reason: string }
    /** Without `by` its time was over. */
    | { readonly kind: 'unhalted'; readonly by?: string }
    /** Once a day, if people want it: how the bots are, and what the last 24 hours were like. */
    | {
        readonly kind: 'all-clear';
        readonly bots: readonly {
          readonly name: string;
          readonly state: string;
          readonly ageMs: number | null;
          readonly incidents: number;
          readonly restarts: number;
        }[];
      }
    /** Somebody has the incident: no reminders. `forMs`: `null` is until it ends. */
    | {
        readonly kind: 'acknowledged' | 'snoozed';
        readonly by: string;
        readonly note: string;
        readonly forMs: number | null;
      }
    /** What somebody has written about the open incident. */
    | { readonly kind: 'noted'; readonly by: string; readonly note: string }
    /** Nobody watched for a while: what the bot did in that time is not known. */
    | { readonly kind: 'monitor-was-away'; readonly awayMs: number }
    | {
        readonly kind: 'test';
        readonly by: string;
        /** The only channel that it is for. Default: all but the fallback. */
        readonly channel?: string;
      }
  );

/** What the monitor says of restarts. Lengths of time are in ms. */
export type RestartNotification = CommonFacts &
  IncidentFacts &
  /** It is not restarted, because it is not known which process the bot is. */
  (
    | {
        readonly kind: 'restart-unsafe';
        readonly why: string;
        readonly advice: string;
        /** A signal had been sent to the bot before. */
        readonly signalled?: boolean;
      }
    /** The old bot is gone. What had started it waits before it starts the next one, and nothing is started beside that. */
    | { readonly kind: 'restart-waits'; readonly waitMs: number; readonly keeper: BotKeeper }
    /** It beats after a restart, and nobody can tell whether the new start does. */
    | { readonly kind: 'restart-unproven'; readonly attempt: number }
    | {
        readonly kind: 'restart-attempted';
        readonly attempt: number;
        readonly most: number;
        /** How long the bot has for its first beat. */
        readonly graceMs?: number;
      }
    | ({
        readonly kind: 'restart-failed';
        readonly attempt: number;
        readonly reason: string;
        readonly most?: number;
        /** When the next attempt is made; `null`: none is. */
        readonly nextInMs?: number | null;
        /** It failed in its command: that could not be run, did not end in time, or ended with an error. */
        readonly inCommand?: true;
      } & CommandEnd)
    | {
        readonly kind: 'restart-verified';
        readonly attempt: number;
        readonly tookMs: number;
        readonly pid?: number | null;
        /** The beats name no process: the command, which ends the old one by itself, ended with 0, and a beat came after it. */
        readonly byCommand?: true;
      }
    | ({
        readonly kind: 'budget-exhausted';
        readonly attempts: number;
        readonly windowMs: number;
        /** That command is not run: by the last beat nothing is at stake. */
        readonly spared?: boolean;
        /** Nor here: the journal was damaged, and it may have been run in this outage. */
        readonly forgotten?: boolean;
        /** The command that cancels orders or flattens positions is about to be run. */
        readonly lastResort?: boolean;
      } & CommandEnd)
    /** The command of a spent budget has ended, or will not be told of otherwise. */
    | ({ readonly kind: 'last-resort' } & LastCommandEnd)
  );

/** What the delivery says of itself. */
export type DeliveryNotification = CommonFacts &
  (
    | {
        readonly kind: 'journal-trouble';
        readonly trouble: 'set-aside' | 'removed' | 'unusable' | 'usable-again';
        readonly file: string;
        readonly keptAs?: string;
        readonly reason?: string;
        /** How often it failed again before it worked for good. */
        readonly relapses?: number;
      }
    /** A channel refuses every message, or takes none for a while. */
    | {
        readonly kind: 'channel-dead';
        readonly channel: string;
        readonly reason: string;
        readonly pending: number;
        /** It asks to be left alone for so long, in ms. Default: it is dead. */
        readonly askedMs?: number;
        /** Where its messages go from now on. */
        readonly fallback?: string;
      }
  );

export type Notification =
  | WatchNotification
  | RestartNotification
  | BotNotification
  | DeliveryNotification
  | PeerNotification;

export type NotificationKind = Notification['kind'];
