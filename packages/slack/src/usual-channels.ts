import { type Channel, channelOf, jsonChannel } from '@sentinel/notify';
import { slackChannel } from './shell/channel.ts';

/** The addresses of the usual channels. A channel without an address is not used. Each address is a secret. */
export type ChannelUrls = {
  /** Slack webhook for all notifications. */
  readonly url?: string | undefined;
  /** Slack webhook for critical notifications and the messages that end them. */
  readonly criticalUrl?: string | undefined;
  /** Any address that accepts JSON by POST, used when a Slack channel is dead. */
  readonly fallbackUrl?: string | undefined;
};

/**
 * The usual channels: `slack`, `slack-critical` and `fallback`. An invalid address makes a channel that is dead from the
 * start, and the notifier reports it.
 *
 * @example
 * const channels = usualChannels({ url, criticalUrl: undefined, fallbackUrl: undefined });
 */
export const usualChannels = ({ url, criticalUrl, fallbackUrl }: ChannelUrls): readonly Channel[] => [
  ...(url === undefined ? [] : [channelOf(slackChannel, { url }, { name: 'slack' })]),
  ...(criticalUrl === undefined
    ? []
    : [channelOf(slackChannel, { url: criticalUrl }, { name: 'slack-critical', floor: 'critical' })]),
  ...(fallbackUrl === undefined
    ? []
    : [channelOf(jsonChannel, { url: fallbackUrl }, { name: 'fallback', fallback: true })]),
];
