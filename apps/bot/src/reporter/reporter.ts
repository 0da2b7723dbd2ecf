import type { Notifier } from '@sentinel/notify';
import { createSlackReporter } from '@sentinel/slack';
import type { Beat } from '../beat.ts';
import { redactStrings } from '../core/redact.ts';
import type { Report } from './events.ts';
import { toNotification } from './to-notification.ts';

export type ReporterOptions = {
  readonly notifier: Pick<Notifier, 'keep' | 'channels'>;
  readonly bot: string;
  readonly beat: Beat;
  /** Strikes the secrets out: what a browser or a broker says of a failure may quote them. */
  readonly redact: (text: string) => string;
};

// Words of closed sets: a user name that happens to be one of them must not make the message unreadable.
const words = ['kind', 'severity', 'side', 'ends'];

/** Beats before a message and after it, and never lets a message's trouble reach the trading loop. */
export const createReporter = ({ notifier, bot, beat, redact }: ReporterOptions): Report => {
  const { report } = createSlackReporter({ notifier, bot, beat });
  return async (event) => {
    const { subject, notification } = toNotification(event);
    report(redactStrings(notification, redact, words), subject);
  };
};
