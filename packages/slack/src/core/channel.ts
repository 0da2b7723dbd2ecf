import type { Severity } from '@sentinel/notify';

/** A place that notifications are sent to. */
export type Channel = {
  /** Its name in logs, in the journal and in metrics. */
  readonly name: string;
  /** An incoming webhook of Slack, or any address that takes JSON by POST. */
  readonly kind: 'slack' | 'json';
  /** A secret: whoever has it can write there. It appears in no log, error or file. */
  readonly url: string;
  /** What is less severe is not sent there. Default: `info`. */
  readonly floor?: Severity;
  /** Used only for what a dead channel cannot take. Default: false. */
  readonly fallback?: boolean;
};

/** The addresses of the usual set-up; what is not given is not used. */
export type ChannelUrls = {
  /** Slack, everything. */
  readonly url?: string | undefined;
  /** Slack, critical notifications and the end of what they told of. */
  readonly criticalUrl?: string | undefined;
  /** Any address that takes JSON by POST, for when a Slack channel is dead. */
  readonly fallbackUrl?: string | undefined;
};

/**
 * The channels of the usual set-up: `slack`, `slack-critical` and `fallback`.
 *
 * @example
 * const channels = usualChannels({ url, criticalUrl: undefined, fallbackUrl: undefined });
 */
export const usualChannels = ({ url, criticalUrl, fallbackUrl }: ChannelUrls): readonly Channel[] => [
  ...(url === undefined ? [] : [{ name: 'slack', kind: 'slack', url } as const]),
  ...(criticalUrl === undefined
    ? []
    : [{ name: 'slack-critical', kind: 'slack', url: criticalUrl, floor: 'critical' } as const]),
  ...(fallbackUrl === undefined
    ? []
    : [{ name: 'fallback', kind: 'json', url: fallbackUrl, fallback: true } as const]),
];

/** Why an address cannot be posted to; `null`: it can. The address itself is not repeated. */
export const faultOfUrl = (url: string): string | null => {
  if (!URL.canParse(url)) return 'its address is no URL';
  const { protocol, username, password } = new URL(url);
  if (!/^https?:$/.test(protocol)) return 'its address begins with neither https: nor http:';
  return username + password === '' ? null : 'its address holds a user name or a password, which is not sent';
};
