import { createSlackReporter, type Notifier } from '@sentinel/slack';
import type { Beat } from '../beat.ts';
import type { Report } from './events.ts';
import { toNotification } from './to-notification.ts';

export type ReporterOptions = {
  readonly notifier: Pick<Notifier, 'keep' | 'channels'>;
  readonly bot: string;
  readonly beat: Beat;
};

/** Beats before a message and after it, and never lets a message's trouble reach the trading loop. */
export const createReporter = ({ notifier, bot, beat }: ReporterOptions): Report => {
  const { report } = createSlackReporter({ notifier, bot, beat });
  return async (event) => {
    const { subject, notification } = toNotification(event);
    report(notification, subject);
  };
};
