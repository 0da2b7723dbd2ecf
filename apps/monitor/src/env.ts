import { readEnvFile } from '@sentinel/dotenv';
import { secretsIn } from '@sentinel/heartbeat-core';
import { systemdOf } from '@sentinel/systemd';
import { willSecrets } from './last-will-form.ts';

type Variable = { readonly fallback?: string; readonly meaning: string };

/** What the monitor takes from the environment; the configuration page is made from it. */
export const environment = {
  HEARTBEAT_STATUS_FILE: { fallback: 'logs/heartbeat_status.txt', meaning: "the bot's status file" },
  SENTINEL_BOT_NAME: { fallback: 'bot', meaning: 'name of the bot' },
  SENTINEL_DB: {
    fallback: 'logs/sentinel.db',
    meaning: "the monitor's journal; its log and its own status file are in the same folder",
  },
  SENTINEL_PING_URL: {
    meaning: 'as `--ping-url`, but not visible in the process list: the address is a secret',
  },
  SENTINEL_PUBLIC_URL: { meaning: 'as `--public-url`' },
  SLACK_WEBHOOK_URL: { meaning: 'webhook for all notifications' },
  SLACK_WEBHOOK_URL_CRITICAL: {
    meaning: 'webhook for critical notifications and the messages that end them',
  },
  FALLBACK_WEBHOOK_URL: { meaning: 'address that accepts JSON by POST, used when a Slack webhook is dead' },
  SENTINEL_TELEGRAM_TOKEN: { meaning: 'token of a Telegram bot, which writes to `SENTINEL_TELEGRAM_CHAT`' },
  SENTINEL_TELEGRAM_CHAT: { meaning: 'number of the chat, below 0 for a group, or `@name` of a channel' },
  SENTINEL_TELEGRAM_SERVER: { meaning: 'Bot API server of your own, in place of `https://api.telegram.org`' },
  SENTINEL_TELEGRAM_BUTTONS: {
    meaning: '`on`: buttons that acknowledge and snooze an incident; whoever is in the chat may press them',
  },
  SENTINEL_NTFY_URL: { meaning: 'topic of ntfy for all notifications: `https://ntfy.sh/TOPIC`' },
  SENTINEL_NTFY_TOKEN: { meaning: 'access token of ntfy, where the topic is not open to all' },
  SENTINEL_DISCORD_WEBHOOK_URL: { meaning: 'webhook of Discord for all notifications' },
  LAST_WILL: {
    meaning:
      'where a message waits that goes out when this machine is dead: `ntfy:TOPIC`, `ntfy:https://HOST/TOPIC` or `slack:CHANNEL`',
  },
  LAST_WILL_AFTER: {
    meaning: 'how long after the last sign of life that message goes out: `5m`; on ntfy.sh `30m` at least',
  },
  SENTINEL_SLACK_TOKEN: {
    meaning:
      'token of a Slack bot (`xoxb-...`, scope `chat:write`), for `SENTINEL_SLACK_CHANNEL` and `LAST_WILL`',
  },
  SENTINEL_SLACK_CHANNEL: {
    meaning:
      'id of the channel (`C0123456789`) to which that bot writes: one message an incident, and a thread',
  },
  SENTINEL_SLACK_APP_TOKEN: {
    meaning:
      "token of that bot's app (`xapp-...`, scope `connections:write`): buttons that acknowledge and snooze an incident",
  },
  HTTPS_PROXY: { meaning: 'proxy for `https:` addresses' },
  HTTP_PROXY: { meaning: 'proxy for `http:` addresses' },
  NO_PROXY: {
    meaning:
      'what is reached without a proxy, separated by commas: `example.org` (also its subdomains), `host:8080`, an address, `10.0.0.0/8`, or `*` for all',
  },
} as const satisfies Record<string, Variable>;

/** The name of a bot to which nobody has given one. */
export const usualName = environment.SENTINEL_BOT_NAME.fallback;

// An empty value in a .env file means that it is not set.
const text = (name: string): string | undefined => process.env[name] || undefined;
const proxyText = (name: 'HTTPS_PROXY' | 'HTTP_PROXY' | 'NO_PROXY') => text(name) ?? text(name.toLowerCase());

/** The environment, with `.env` of the current directory, which it outranks. */
export const readEnv = () => {
  // What is in .env the monitor reads for itself: commands inherit what was there before.
  const started = { ...process.env };
  const settings = readEnvFile();
  if (settings.kind === 'wrong') throw new Error(settings.line);
  for (const [name, value] of Object.entries(settings.values)) process.env[name] ??= value;
  // A crash report would hold every webhook otherwise.
  if (process.report !== undefined) process.report.excludeEnv = true;
  return {
    file: text('HEARTBEAT_STATUS_FILE') ?? environment.HEARTBEAT_STATUS_FILE.fallback,
    bot: text('SENTINEL_BOT_NAME') ?? usualName,
    database: text('SENTINEL_DB') ?? environment.SENTINEL_DB.fallback,
    pingUrl: text('SENTINEL_PING_URL'),
    publicUrl: text('SENTINEL_PUBLIC_URL'),
    channels: {
      url: text('SLACK_WEBHOOK_URL'),
      criticalUrl: text('SLACK_WEBHOOK_URL_CRITICAL'),
      fallbackUrl: text('FALLBACK_WEBHOOK_URL'),
    },
    slackBot: {
      token: text('SENTINEL_SLACK_TOKEN'),
      channel: text('SENTINEL_SLACK_CHANNEL'),
      appToken: text('SENTINEL_SLACK_APP_TOKEN'),
    },
    telegram: {
      token: text('SENTINEL_TELEGRAM_TOKEN'),
      chat: text('SENTINEL_TELEGRAM_CHAT'),
      server: text('SENTINEL_TELEGRAM_SERVER'),
      buttons: text('SENTINEL_TELEGRAM_BUTTONS'),
    },
    ntfy: { url: text('SENTINEL_NTFY_URL'), token: text('SENTINEL_NTFY_TOKEN') },
    discord: { url: text('SENTINEL_DISCORD_WEBHOOK_URL') },
    lastWill: {
      place: text('LAST_WILL'),
      after: text('LAST_WILL_AFTER'),
      ntfyToken: text('SENTINEL_NTFY_TOKEN'),
      slackToken: text('SENTINEL_SLACK_TOKEN'),
    },
    proxy: {
      https: proxyText('HTTPS_PROXY'),
      http: proxyText('HTTP_PROXY'),
      none: proxyText('NO_PROXY'),
    },
    /** The value of a variable that the config file names. */
    valueOf: text,
    /** What is strange about the `.env` file. */
    warnings: settings.warnings,
    secrets: [...secretsIn(process.env), ...willSecrets(text('LAST_WILL'))],
    started,
    systemd: systemdOf(process.env, process.pid),
    color: text('NO_COLOR') === undefined,
    /** A terminal without a cursor to move. */
    isDumb: text('TERM') === 'dumb',
  };
};

export type Env = ReturnType<typeof readEnv>;
