import type {
  BotNotification,
  MonitorNotification,
  Notification,
  SenderNotification,
} from './notification.ts';

/** What to do with a notification of each source. */
export type BySource<T> = {
  readonly bot: (told: BotNotification) => T;
  readonly sender: (told: SenderNotification) => T;
  readonly monitor: (told: MonitorNotification) => T;
};

/** Hands a notification to the one for its source: the bot's reporter, the delivery itself, or the monitor. */
export const bySource = <T>(told: Notification, to: BySource<T>): T => {
  switch (told.kind) {
    case 'startup':
    case 'login-success':
    case 'login-failure':
    case 'signal-rejected':
    case 'trade-executed':
    case 'trade-failed':
    case 'profit':
    case 'loss':
    case 'daily-summary':
    case 'custom':
      return to.bot(told);
    case 'journal-trouble':
    case 'channel-dead':
      return to.sender(told);
    default:
      return to.monitor(told);
  }
};
