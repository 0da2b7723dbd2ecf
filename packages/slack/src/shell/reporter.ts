import type { BotNotification, ChannelState, NotificationKind, Notifier, Severity } from '@sentinel/notify';

import { extraFields, severityOfType, type TradeExtras } from '../core/old-kinds.ts';

export type SlackReporterOptions = {
  readonly notifier: Pick<Notifier, 'keep' | 'channels'>;
  /** The bot's name in its messages. */
  readonly bot: string;
  /** Writes a status, as `updateHeartbeatStatus` does. */
  readonly beat: (status: string) => void;
};

/** `symbol`, `direction`, `entry`, `tp`, `sl` and `profit` are shown, as the old reporter did. */
export type SlackMessageOptions = TradeExtras & {
  /** What the message is about: it stands in the status and in the title. Default: `notice`. */
  readonly type?: string;
  readonly sessionId?: string;
  /**
   * Default: that of the type. `error` is critical; `login_failed`, `trade_failed`, `shutdown`, `restart` and
   * `github_update_error` are warnings; any other is `info`.
   */
  readonly severity?: Severity;
  /** More facts, each beside its name. */
  readonly fields?: Readonly<Record<string, string>>;
};

/** What becomes of a message: on disk, so that it arrives even if the bot ends now; or not, and why matters no more. */
export type SlackReporter = {
  /**
   * Sends a message to Slack: 📢 is beaten before, ✅ once the message is on disk, where it waits until Slack has
   * taken it, ❌ when it could not be written down (it is tried from memory then) or every channel is known to be dead
   * (it waits then). True: ✅. Never throws.
   */
  readonly sendSlackNotification: (message: string, options?: SlackMessageOptions | null) => boolean;
  /** The same for an event whose facts are known. `subject` stands in the status. */
  readonly report: (notification: ReporterNotification, subject: string) => boolean;
};

const outcomeOf = (kept: boolean, channels: readonly ChannelState[], subject: string) => {
  if (channels.length === 0) return { ok: kept, status: `✅ Slack not set up - ${subject} logged` };
  if (!kept) return { ok: false, status: `❌ Slack notification failed - ${subject}` };
  // It is safe and waits, and yet nobody is notified before somebody makes a new webhook.
  if (channels.every(({ dead }) => dead !== null))
    return { ok: false, status: `❌ Slack webhook dead - ${subject} waits` };
  return { ok: true, status: `✅ Slack notification queued - ${subject}` };
};

/** A notification of a bot, without the bot. */
export type ReporterNotification = BotNotification extends infer Each
  ? Each extends { readonly kind: NotificationKind }
    ? Omit<Each, 'bot'>
    : never
  : never;

/**
 * The reporter of a bot.
 *
 * @example
 * // The notifier is what `createNotifier` of `@sentinel/notify` gives.
 * const warnOfMargin = (notifier: SlackReporterOptions['notifier'], beat: (status: string) => void) => {
 *   const { sendSlackNotification } = createSlackReporter({ notifier, bot: 'bot', beat });
 *   return sendSlackNotification('Margin is below 20 %', { type: 'margin', sessionId: '5f1c', severity: 'warning' });
 * };
 */
export const createSlackReporter = ({ notifier, bot, beat }: SlackReporterOptions): SlackReporter => {
  const report = (notification: ReporterNotification, subject: string): boolean => {
    beat(`📢 Slack notification - ${subject}`);
    const kept = notifier.keep({ ...notification, bot } as BotNotification) === 'disk';
    const { ok, status } = outcomeOf(kept, notifier.channels(), subject);
    beat(status);
    return ok;
  };
  return {
    report,
    sendSlackNotification: (message, options) => {
      const given = options ?? {};
      const { type = 'notice', severity = severityOfType(type), sessionId } = given;
      const fields = { ...extraFields(given), ...given.fields };
      const more = {
        ...(sessionId === undefined ? {} : { sessionId }),
        ...(Object.keys(fields).length === 0 ? {} : { fields }),
      };
      return report({ kind: 'custom', severity, text: message, title: `${bot}: ${type}`, ...more }, type);
    },
  };
};
