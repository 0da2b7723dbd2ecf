import type * as Zod from 'zod';
import {
  type ChannelOption,
  type ChannelSettings,
  type ConfiguredKind,
  channelKinds,
  channelOptionsOf,
  floors,
  isChannelName,
  isSecretVariable,
  variableKey,
} from './channel-settings.ts';

type Written = Readonly<Record<string, unknown>> & { readonly kind: ConfiguredKind };

const common = ['kind', 'name', 'min', 'fallback'];
const kindNames = Object.keys(channelKinds) as readonly ConfiguredKind[];
const isKind = (given: unknown): given is ConfiguredKind => kindNames.some((kind) => kind === given);

const variableWords = 'the name of a variable of the environment or of .env, which begins with SENTINEL_';

const textSchema = (z: typeof Zod, { meaning, oneOf }: ChannelOption) =>
  (oneOf === undefined
    ? z.string().regex(/\S/, { error: 'expected a text that is not empty' })
    : z.enum(oneOf, { error: `expected one of ${oneOf.join(', ')}` })
  ).meta({ description: meaning });

const oneKind = (z: typeof Zod, kind: ConfiguredKind) => {
  const options = channelOptionsOf(kind).map(([name, option]) => {
    const isSecret = option.kind === 'secret';
    const variable = z
      .string()
      .refine(isSecretVariable, { error: `expected ${variableWords}` })
      .meta({ description: `variable with the ${option.meaning}` });
    const schema: Zod.ZodType = isSecret ? variable : textSchema(z, option);
    return [isSecret ? variableKey(name) : name, option.optional === true ? schema.optional() : schema];
  });
  return z.strictObject({
    kind: z.literal(kind),
    name: z
      .string()
      .refine(isChannelName, { error: 'expected letters, digits, `-`, `_` and `.`, 40 at most' })
      .optional()
      .meta({ description: `name in logs, metrics and test-alert (without it: ${kind})` }),
    min: z.enum(floors).optional().meta({
      description:
        'the lowest severity that is sent to it; escalated: only what the escalation sends to it (without it: info)',
    }),
    fallback: z
      .boolean()
      .optional()
      .meta({ description: 'used only for what another channel cannot deliver' }),
    ...(Object.fromEntries(options) as Record<string, Zod.ZodType>),
  });
};

export const channelsSchema = (z: typeof Zod): Zod.ZodType =>
  z.array(
    z.discriminatedUnion(
      'kind',
      kindNames.map((kind) => oneKind(z, kind)) as unknown as [ReturnType<typeof oneKind>],
      { error: `expected one of ${kindNames.join(', ')}` },
    ),
  );

const textsAt = (one: Written, keyOf: (option: string) => string, what: 'text' | 'secret') =>
  Object.fromEntries(
    channelOptionsOf(one.kind).flatMap(([name, { kind }]) => {
      const value = kind === what ? one[keyOf(name)] : undefined;
      return typeof value === 'string' ? [[name, value] as const] : [];
    }),
  );

export const takeChannels = (written: readonly unknown[]): readonly ChannelSettings[] =>
  (written as readonly Written[]).map((one) => ({
    kind: one.kind,
    name: typeof one.name === 'string' ? one.name : one.kind,
    ...(one.min === undefined ? {} : { min: one.min as (typeof floors)[number] }),
    ...(one.fallback === undefined ? {} : { fallback: one.fallback === true }),
    options: textsAt(one, (option) => option, 'text'),
    variables: textsAt(one, variableKey, 'secret'),
  }));

/** Two channels of one name: what waits for the one would go to the other. */
export const doubleNames = (channels: readonly Pick<ChannelSettings, 'name'>[]): readonly string[] =>
  channels.flatMap(({ name }, index) => {
    const first = channels.findIndex((other) => other.name === name);
    return first === index
      ? []
      : [`channels[${index}].name: expected a name of its own, ${name} is channels[${first}]`];
  });

/** A channel of Slack has one of two addresses. */
export const incompleteChannels = (channels: readonly ChannelSettings[]): readonly string[] =>
  channels.flatMap(({ kind, options, variables }, index) => {
    const isBot = variables.token !== undefined && options.channel !== undefined;
    const isHook = variables.url !== undefined;
    const isPart = [variables.token, variables.appToken, options.channel].some((one) => one !== undefined);
    if (kind !== 'slack' || (isHook ? !isPart : isBot)) return [];
    return [
      `channels[${index}]: expected urlEnv (a webhook), or tokenEnv and channel (a bot), found ${isHook ? 'both' : isPart ? 'one of the two' : 'neither'}`,
    ];
  });

/** What is said of a key that a channel does not have. A secret is refused with the setting to use; it is not repeated. */
export const unknownChannelKey = (place: string, key: string, channel: unknown): string => {
  const { kind } = (channel ?? {}) as { readonly kind?: unknown };
  if (!isKind(kind)) return `${place}: is no setting`;
  const options = channelOptionsOf(kind);
  if (options.some(([name, option]) => name === key && option.kind === 'secret'))
    return `${place}: a secret must not stand in this file. Put it into a variable of the environment or of .env, such as SENTINEL_${kind.toUpperCase()}_${key.toUpperCase()}_2, and write that name here as ${variableKey(key)}`;
  const known = options.map(([name, option]) => (option.kind === 'secret' ? variableKey(name) : name));
  return `${place}: is no setting of a channel of the kind ${kind}, known are ${[...common, ...known].join(', ')}`;
};

/** Of a channel only what can hold no secret is repeated. */
export const mayRepeat = (path: readonly PropertyKey[]): boolean =>
  path.length === 3 && ['kind', 'min', 'fallback'].includes(String(path[2]));
