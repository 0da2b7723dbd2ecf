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

/**
 * Hands a notification to the one for its source: the bot's reporter, the delivery itself, or the monitor.
 *
 * @throws Error when its kind is not known.
 */
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
    case 'unhealthy':
    case 'restart-unsafe':
    case 'restart-unproven':
    case 'recovered':
    case 'restart-attempted':
    case 'restart-failed':
    case 'restart-verified':
    case 'budget-exhausted':
    case 'last-resort':
    case 'duplicate-instance':
    case 'session-lost':
    case 'reminder':
    case 'clock-skew':
    case 'paused':
    case 'resumed':
    case 'monitor-was-away':
    case 'test':
      return to.monitor(told);
    default:
      // From the journal of a newer version.
      throw new Error(`no notification is of the kind ${(told satisfies never as Notification).kind}`);
  }
};
