import { type ChannelSettings, type ConfiguredKind, channelKinds } from '@sentinel/monitor';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { channelProblems, channelSecrets } from './channel-names.ts';
import { channelsOf, kinds } from './channels.ts';
import type { Env } from './env.ts';

const envOf = (variables: Readonly<Record<string, string>>, more: object = {}): Env =>
  ({
    channels: {},
    slackBot: {},
    telegram: {},
    ntfy: {},
    discord: {},
    valueOf: (name: string) => variables[name],
    ...more,
  }) as Env;
const phone: ChannelSettings = {
  kind: 'ntfy',
  name: 'phone',
  min: 'critical',
  options: {},
  variables: { url: 'SENTINEL_PHONE' },
};

test.each(Object.keys(channelKinds) as ConfiguredKind[])(
  'what the config file has of a channel of the kind %s are the options that the channel takes',
  (kind) => {
    const schema = z.toJSONSchema(kinds[kind].optionsSchema(z) as z.ZodType, { unrepresentable: 'any' });
    expect(Object.keys(channelKinds[kind]).toSorted()).toEqual(
      Object.keys(schema.properties ?? {}).toSorted(),
    );
    const required = Object.entries(channelKinds[kind]).filter(([, option]) => !('optional' in option));
    expect(required.map(([name]) => name).toSorted()).toEqual((schema.required ?? []).toSorted());
  },
);

test('a bot of Slack is a channel where its channel is set: its token alone is for the last will', () => {
  const token = 'xoxb-0123456789';
  expect(channelsOf(envOf({}, { slackBot: { token } }))).toEqual([]);
  expect(channelsOf(envOf({}, { slackBot: { token, channel: 'C0123456789' } }))).toMatchObject([
    { name: 'slack-bot', kind: 'slack', fault: null, secrets: [token] },
  ]);
});

test('a channel of the config file has its secret from the environment, and its floor', () => {
  const env = envOf({ SENTINEL_PHONE: 'https://ntfy.sh/topic' });
  expect(channelsOf(env, { channels: [phone] })).toMatchObject([
    { name: 'phone', kind: 'ntfy', floor: 'critical', fault: null, secrets: ['https://ntfy.sh/topic'] },
  ]);
  expect(channelSecrets(env, [phone])).toEqual(['https://ntfy.sh/topic']);
});

test('a channel whose secret is not there is one that is dead, and names the variable', () => {
  expect(channelsOf(envOf({}), { channels: [phone] })).toMatchObject([
    { name: 'phone', fault: 'SENTINEL_PHONE is not set', secrets: [] },
  ]);
});

test('a name or a variable that the environment uses already is refused', () => {
  const env = envOf({}, { ntfy: { url: 'https://ntfy.sh/a' } });
  expect(channelProblems(env, [{ ...phone, name: 'ntfy', variables: { url: 'SENTINEL_NTFY_URL' } }])).toEqual(
    [
      'channels[0].name: expected a name of its own, the environment sets up a channel ntfy already',
      'channels[0].urlEnv: SENTINEL_NTFY_URL has a meaning of its own, choose another name',
    ],
  );
  expect(channelProblems(env, [phone])).toEqual([]);
});
