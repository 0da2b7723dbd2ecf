import { type Channel, channelOf, jsonChannel } from '@sentinel/notify';
import { slackChannel } from './shell/channel.ts';

/** The addresses of the usual set-up; what is not given is not used. Each is a secret. */
export type ChannelUrls = {
  /** Slack, everything. */
  readonly url?: string | undefined;
  /** Slack, critical notifications and the end of what they were about. */
  readonly criticalUrl?: string | undefined;
  /** Any address that takes JSON by POST, for when a Slack channel is dead. */
  readonly fallbackUrl?: string | undefined;
};

/**
 * The channels of the usual set-up: `slack`, `slack-critical` and `fallback`. An address that cannot be used makes a
 * channel that is dead from the start, which the notifier says.
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
