/** One option of a channel. A secret stands in a variable of the environment: the file has the name of that variable. */
export type ChannelOption = {
  readonly kind: 'text' | 'secret';
  readonly optional?: true;
  /** The only texts that it may be. */
  readonly oneOf?: readonly string[];
  readonly meaning: string;
};

const secret = (meaning: string) => ({ kind: 'secret', meaning }) as const;
const text = (meaning: string) => ({ kind: 'text', meaning }) as const;

/** The kinds of channels that a config file may name, with the options of each. */
export const channelKinds = {
  slack: {
    url: { ...secret('incoming webhook of Slack'), optional: true },
    token: { ...secret('token of a bot of Slack (xoxb-...), in place of a webhook'), optional: true },
    channel: { ...text("id of the bot's channel: C0123456789"), optional: true },
    appToken: {
      ...secret("token of the bot's app (xapp-...), for buttons that acknowledge and snooze"),
      optional: true,
    },
    server: { ...text('another address of the Web API of Slack'), optional: true },
  },
  telegram: {
    token: secret('token of the bot'),
    chat: text('number of the chat, below 0 for a group, or @name of a channel'),
    server: { ...text('Bot API server of your own'), optional: true },
    buttons: {
      ...text('buttons that acknowledge and snooze an incident (without it: off)'),
      oneOf: ['on', 'off'],
      optional: true,
    },
  },
  ntfy: {
    url: secret('address of the topic: https://ntfy.sh/TOPIC'),
    token: { ...secret('access token, where the topic is not open to all'), optional: true },
  },
  discord: { url: secret('webhook of Discord') },
  email: {
    server: text('mail server: smtps://mail.example.org or smtp://mail.example.org:587'),
    from: text('address of the sender'),
    to: text('address of the recipient'),
    user: { ...text('user name at the mail server'), optional: true },
    password: { ...secret('password at the mail server'), optional: true },
  },
  alertmanager: {
    url: text('address of Alertmanager: http://localhost:9093'),
    token: { ...secret('bearer token of a proxy before it'), optional: true },
  },
  pagerduty: {
    key: secret('key of an Events API v2 integration'),
    server: { ...text('another server: https://events.eu.pagerduty.com'), optional: true },
  },
  webhook: {
    url: secret('address that takes JSON by POST'),
    secret: { ...secret('secret that signs messages (Standard Webhooks): whsec_...'), optional: true },
    form: {
      ...text('names in the body: those of Sentinel or of CloudEvents (without it: sentinel)'),
      ...{ optional: true, oneOf: ['sentinel', 'cloudevents'] },
    },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, ChannelOption>>>>;

export type ConfiguredKind = keyof typeof channelKinds;

export const channelOptionsOf = (kind: ConfiguredKind): readonly (readonly [string, ChannelOption])[] =>
  Object.entries(channelKinds[kind]);

/** What the file calls the variable with a secret: `urlEnv`. */
export const variableKey = (option: string): string => `${option}Env`;

/** The lowest severity that a channel may ask for. `escalated`: only what a rung of the escalation sends to it. */
export const floors = ['info', 'warning', 'critical', 'escalated'] as const;

/** A name that fits into a log, a metric and a command line. */
export const isChannelName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/.test(name);

/**
 * A variable that may hold the secret of a channel. No command of the operator inherits `SENTINEL_*`: the bot must not get
 * what is the monitor's own.
 */
export const isSecretVariable = (name: string): boolean => /^SENTINEL_[A-Z0-9_]{1,60}$/.test(name);

/** One channel of the config file. It holds no secret. */
export type ChannelSettings = {
  readonly kind: ConfiguredKind;
  readonly name: string;
  readonly min?: (typeof floors)[number];
  readonly fallback?: boolean;
  /** What the file says of its other options, by their names. */
  readonly options: Readonly<Record<string, string>>;
  /** The variables that hold its secrets, by the names of the options. */
  readonly variables: Readonly<Record<string, string>>;
};
