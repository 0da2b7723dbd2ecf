import {
  alertmanagerChannel,
  discordChannel,
  emailChannel,
  ntfyChannel,
  pagerdutyChannel,
  telegramChannel,
} from '@sentinel/channels';
import type { ChannelSettings, Config, ConfiguredKind } from '@sentinel/monitor';
import { type Channel, type ChannelKind, channelOf, jsonChannel } from '@sentinel/notify';
import { slackChannel, usualChannels } from '@sentinel/slack';
import type { Env } from './env.ts';

/** One that is not set up is left out. */
const where = <Options>(isSet: boolean, kind: ChannelKind<Options>, options: Options, name: string) =>
  isSet ? [channelOf(kind, options, { name })] : [];

/** The channels of the environment. What is set in part is a channel too, which says what it lacks. */
const ofEnvironment = ({ channels, slackBot, telegram, ntfy, discord }: Env): readonly Channel[] => {
  const { token = '', channel = '', appToken } = slackBot;
  const { token: telegramToken, chat, server } = telegram;
  const buttons = telegram.buttons === 'on' ? 'on' : 'off';
  const ofTelegram = { token: telegramToken ?? '', chat: chat ?? '', server, buttons } as const;
  return [
    ...usualChannels(channels),
    // The token alone may be there for the last will.
    ...where(slackBot.channel !== undefined, slackChannel, { token, channel, appToken }, 'slack-bot'),
    ...where((telegramToken ?? chat) !== undefined, telegramChannel, ofTelegram, 'telegram'),
    ...where(ntfy.url !== undefined, ntfyChannel, { url: ntfy.url ?? '', token: ntfy.token }, 'ntfy'),
    ...where(discord.url !== undefined, discordChannel, { url: discord.url ?? '' }, 'discord'),
  ];
};

type Options = Readonly<Record<string, string>>;
type AnyKind = ChannelKind<Options>;
/** The file's schema has seen to it that the options are those of the kind. */
const ofAny = <Own>(kind: ChannelKind<Own>) => kind as unknown as AnyKind;

/** What sends to each kind of the config file. Its options are those that the file's schema asks for. */
export const kinds = {
  slack: ofAny(slackChannel),
  telegram: ofAny(telegramChannel),
  ntfy: ofAny(ntfyChannel),
  discord: ofAny(discordChannel),
  email: ofAny(emailChannel),
  alertmanager: ofAny(alertmanagerChannel),
  pagerduty: ofAny(pagerdutyChannel),
  webhook: ofAny(jsonChannel),
} satisfies Record<ConfiguredKind, AnyKind>;

/** A channel of the config file. One whose secret is not there is dead from the start, and the notifier reports it. */
const ofFile = ({ kind, name, min, fallback, options, variables }: ChannelSettings, env: Env): Channel => {
  const entries = Object.entries(variables).map(([key, variable]) => [key, env.valueOf(variable)] as const);
  const secrets = Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Options;
  const place = {
    name,
    ...(min === undefined ? {} : { floor: min }),
    ...(fallback === undefined ? {} : { fallback }),
  };
  const missing = Object.values(variables).find((variable) => env.valueOf(variable) === undefined);
  if (missing === undefined) return channelOf(kinds[kind], { ...options, ...secrets }, place);
  const empty = Object.fromEntries(entries.map(([key, value = '']) => [key, value]));
  const channel = channelOf({ ...kinds[kind], faultOf: () => `${missing} is not set` }, empty, place);
  return { ...channel, secrets: channel.secrets.filter((secret) => secret !== '') };
};

/** Everything that people are notified through: the channels of the environment, and those of the config file. */
export const channelsOf = (
  env: Env,
  { channels = [] }: Pick<Config, 'channels'> = {},
): readonly Channel[] => [...ofEnvironment(env), ...channels.map((one) => ofFile(one, env))];
