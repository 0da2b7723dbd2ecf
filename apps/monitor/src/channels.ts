import { discordChannel, ntfyChannel, telegramChannel } from '@sentinel/channels';
import { type Channel, channelOf } from '@sentinel/notify';
import { usualChannels } from '@sentinel/slack';
import type { Env } from './env.ts';

/** Everything that people are notified through. What is set in part is a channel too, which says what it lacks. */
export const channelsOf = ({ channels, telegram, ntfy, discord }: Env): readonly Channel[] => [
  ...usualChannels(channels),
  ...(telegram.token === undefined && telegram.chat === undefined
    ? []
    : [
        channelOf(
          telegramChannel,
          { token: telegram.token ?? '', chat: telegram.chat ?? '', server: telegram.server },
          { name: 'telegram' },
        ),
      ]),
  ...(ntfy.url === undefined
    ? []
    : [channelOf(ntfyChannel, { url: ntfy.url, token: ntfy.token }, { name: 'ntfy' })]),
  ...(discord.url === undefined
    ? []
    : [channelOf(discordChannel, { url: discord.url }, { name: 'discord' })]),
];
