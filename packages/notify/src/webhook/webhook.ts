import type * as Zod from 'zod';
import type { ChannelKind } from '../core/channel.ts';

/** The options of a channel that is an address. */
export type WebhookOptions = {
  /** A secret: whoever has it can write there. */
  readonly url: string;
};

/** Why an address cannot be posted to; `null`: it can. The address itself is not repeated. */
const faultOfUrl = (url: string): string | null => {
  if (!URL.canParse(url)) return 'its address is no URL';
  const { protocol, username, password } = new URL(url);
  if (!/^https?:$/.test(protocol)) return 'its address begins with neither https:// nor http://';
  return username + password === '' ? null : 'its address holds a user name or a password, which is not sent';
};

/** What channels have in common whose only option is an address. */
export const webhook = {
  optionsSchema: (z: typeof Zod) =>
    z.strictObject({
      url: z.string().check(({ value, issues }) => {
        const fault = faultOfUrl(value);
        // Without the value: it is a secret.
        if (fault !== null) issues.push({ code: 'custom', input: undefined, message: fault });
      }),
    }),
  faultOf: ({ url }: WebhookOptions): string | null => faultOfUrl(url),
  secrets: ({ url }: WebhookOptions): readonly string[] => [url],
} satisfies Pick<ChannelKind<WebhookOptions>, 'optionsSchema' | 'faultOf' | 'secrets'>;
