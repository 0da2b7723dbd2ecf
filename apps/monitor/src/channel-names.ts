import type { ChannelSettings, Config } from '@sentinel/monitor';
import { type Env, environment } from './env.ts';

const namesOfEnvironment = ({ channels, slackBot, telegram, ntfy, discord }: Env): readonly string[] =>
  Object.entries({
    slack: channels.url,
    'slack-critical': channels.criticalUrl,
    fallback: channels.fallbackUrl,
    'slack-bot': slackBot.channel,
    telegram: telegram.token ?? telegram.chat,
    ntfy: ntfy.url,
    discord: discord.url,
  }).flatMap(([name, value]) => (value === undefined ? [] : [name]));

/** What the config file and the environment say of channels that does not go together, in lines for people. */
export const channelProblems = (env: Env, channels: readonly ChannelSettings[]): readonly string[] => {
  const taken = namesOfEnvironment(env);
  return channels.flatMap(({ name, variables }, index) => [
    ...(taken.includes(name)
      ? [
          `channels[${index}].name: expected a name of its own, the environment sets up a channel ${name} already`,
        ]
      : []),
    ...Object.entries(variables)
      .filter(([, variable]) => variable in environment)
      .map(
        ([key, variable]) =>
          `channels[${index}].${key}Env: ${variable} has a meaning of its own, choose another name`,
      ),
  ]);
};

/** Rungs of the ladder that call a channel which is not there. */
export const ladderProblems = (
  env: Env,
  { channels = [], escalation = [] }: Pick<Config, 'channels' | 'escalation'>,
): readonly string[] => {
  const names = [...namesOfEnvironment(env), ...channels.map(({ name }) => name)];
  return escalation.flatMap((rung) =>
    !('to' in rung) || names.includes(rung.to)
      ? []
      : [`escalation: there is no channel ${rung.to}, known are ${names.join(', ') || 'none'}`],
  );
};

export const channelSecrets = (env: Env, channels: readonly ChannelSettings[]): readonly string[] =>
  channels.flatMap(({ variables }) =>
    Object.values(variables).flatMap((variable) => env.valueOf(variable) ?? []),
  );

export const peerSecrets = (env: Env, { peers = [] }: Pick<Config, 'peers'>): readonly string[] =>
  peers.flatMap(({ tokenEnv }) => env.valueOf(tokenEnv) ?? []);
