import { dirname, join, resolve } from 'node:path';
import { readEnvFile } from '@sentinel/dotenv';
import { secretsIn, secretsInAddress } from '@sentinel/heartbeat-core';
import { systemdOf } from '@sentinel/systemd';
import { tokenPattern, tokenRule } from '@sentinel/tokens';
import { z } from 'zod';
import {
  address,
  choiceOr,
  flag,
  integerOr,
  isZone,
  json,
  lengthOf,
  lengthOr,
  number,
  numberOr,
  proxy,
  text,
  textOr,
  unset,
} from './env-kinds.ts';
import { browserEnvironment } from './login/browser-environment.ts';
import { selectorsSchema } from './login/selectors.ts';

const day = 24 * 60;

export const envSchema = z.object({
  HEARTBEAT_STATUS_FILE: textOr('logs/heartbeat_status.txt').describe(
    'the status file; the log and screenshots stand beside it',
  ),
  SENTINEL_BOT_DATA: text.describe(
    'folder that only the bot has to reach: its memory (`bot.db`), the queue of messages, the paper account and the browser profile; not set: `data` beside the status file',
  ),
  SENTINEL_BOT_NAME: textOr('bot').describe('what the bot is called'),
  SENTINEL_BROKER: choiceOr('paper', ['web']).describe(
    '`web` places orders on the page of the practice broker',
  ),
  SENTINEL_SPEED: numberOr(1, 0.001, 100).describe(
    'speed of the recorded prices: 1 is one trading day in two seconds',
  ),
  SENTINEL_PRICES_FILE: text.describe('CSV with the columns `date,price`, in place of the shipped series'),
  SENTINEL_DRILLS: flag.describe('whether `sentinel-bot drill` is obeyed; not set: only in the demo'),
  SENTINEL_MARKET: choiceOr('always', ['cme']).describe(
    '`cme` keeps the hours of CME Globex, without its holidays',
  ),
  LOG_FORMAT: choiceOr('pretty', ['json']).describe('form of standard output; the log file is always JSON'),
  BULENOX_LOGIN_URL: address.describe(
    'page on which the bot signs in; not set: <https://bulenox.projectx.com/login>',
  ),
  BULENOX_USERNAME: text.describe('your account; without user and password the demo runs'),
  BULENOX_PASSWORD: z.preprocess(unset, z.string().optional()).describe('its password'),
  BULENOX_PROFILE_PATH: text.describe(
    'folder of the browser profile that keeps the session; not set: `browser-profile` in the folder of `SENTINEL_BOT_DATA`',
  ),
  BULENOX_PROFILE_NAME: text.describe("name of the profile within that folder; not set: the browser's own"),
  BULENOX_SELECTORS: z
    .preprocess(unset, json.pipe(selectorsSchema).optional())
    .describe("JSON with CSS selectors of the broker's pages, for a page that looks different"),
  CHROME_PATH: text.describe('Chrome or Chromium, where it is not found by itself'),
  CHROME_HEADLESS: flag.describe("`false` shows the browser's window; not set: `true`"),
  LOGIN_TIMEOUT_MINUTES: lengthOf('minutes', 0.01, day).describe(
    'a session is renewed after this; not set: 30 (demo 0.3)',
  ),
  LOGIN_STAGE_TIMEOUT_SECONDS: lengthOr(30, 'seconds', 0.1, 600).describe(
    'longest time of one stage of the login',
  ),
  LOGIN_RETRY_SECONDS: lengthOf('seconds', 0.01, 3600).describe(
    'wait after the first failed login, doubling up to 15 minutes; not set: 30 (demo 2)',
  ),
  LOGIN_MAX_WRONG_PASSWORDS: integerOr(3, 1, 10).describe(
    'passwords sent in a row that no session came of, until a person is asked',
  ),
  LOGIN_CHECK_SECONDS: lengthOf('seconds', 0.01, day * 60).describe(
    'how often the broker is asked whether the session is still there; not set: 60 (demo 5)',
  ),
  POLLING_INTERVAL_SECONDS: lengthOf('seconds', 0.01, 240).describe(
    'between two cycles of the loop; not set: 15 (demo 1)',
  ),
  ERROR_WAIT_SECONDS: lengthOf('seconds', 0.01, 240).describe(
    'wait after the first error, doubling up to two minutes; not set: 60 (demo 2)',
  ),
  SIGNAL_SOURCE: z
    .preprocess(unset, z.enum(['demo', 'file', 'api', 'webhook']).optional())
    .describe('where signals come from; not set: `demo`, with an account of your own `file`'),
  SIGNAL_FILE_PATH: textOr('signals.json').describe('for `file`: the file with signals'),
  SIGNAL_API_URL: address.describe('for `api`: the address that is asked'),
  SIGNAL_API_KEY: text.describe('for `api`: sent as a bearer token'),
  SIGNAL_WEBHOOK_HOST: textOr('127.0.0.1').describe(
    'for `webhook`: the address on which `POST /signals` is served',
  ),
  SIGNAL_WEBHOOK_PORT: integerOr(5001, 0, 65_535).describe('for `webhook`: its port'),
  SIGNAL_WEBHOOK_TOKEN: z
    .preprocess(unset, z.string().trim().regex(tokenPattern, tokenRule).optional())
    .describe('for `webhook`: bearer token that a sender has to know, at least 8 characters'),
  SIGNAL_MAX_AGE_SECONDS: lengthOr(60, 'seconds', 1, 7 * day * 60).describe(
    'a signal older than this is refused',
  ),
  ALLOWED_SYMBOLS: textOr('MCL').describe('symbols that may be traded, separated by commas'),
  MAX_QUANTITY: integerOr(5, 1, 1000).describe('contracts at most in one order'),
  MAX_DAILY_TRADES: number(1, 100_000).describe('trades at most in a day; not set: 10 (demo 10,000)'),
  MAX_DAILY_LOSS: number(0.01, 1_000_000_000).describe(
    'loss of the closed positions of a day at which the bot halts itself until the next; not set: none',
  ),
  MAX_OPEN_POSITIONS: integerOr(3, 1, 100).describe('open positions at most'),
  SLACK_WEBHOOK_URL: address.describe('incoming webhook of Slack; without one, messages are only logged'),
  SLACK_WEBHOOK_URL_CRITICAL: address.describe(
    'a second webhook of Slack, which gets only critical messages',
  ),
  FALLBACK_WEBHOOK_URL: address.describe(
    'any address that takes JSON by POST, used while a webhook of Slack is dead',
  ),
  HTTPS_PROXY: proxy.describe('proxy for messages to addresses with https:'),
  HTTP_PROXY: proxy.describe('the same for http:'),
  NO_PROXY: text.describe(
    'what is reached without the proxy, separated by commas: `example.org` (also its subdomains), `host:8080`, an address, `10.0.0.0/8`, or `*` for all',
  ),
  TZ: text
    .refine(isZone, 'expected a time zone, like Europe/Berlin')
    .describe("time zone of 'a day' and of its summary; not set: the machine's. Log and status are in UTC"),
});

export type Env = z.output<typeof envSchema> & {
  /** No account of one's own is set: the bot trades on the broker site that it brings along. */
  readonly demo: boolean;
  /** The folder of the status file: what others may see of the bot stands there. */
  readonly logs: string;
  /** What only the bot has to reach. */
  readonly data: string;
  /** Where the browser keeps the session. */
  readonly profile: string;
  /** Values that are secrets by the names of their variables, whether the bot uses them or not. */
  readonly named: readonly string[];
};

/** Reads `.env` of the current folder, where there is one; what is set already wins. Throws what a person can act on. */
export const readEnv = (): Env => {
  // A crash report would hold every secret otherwise.
  if (process.report !== undefined) process.report.excludeEnv = true;
  const settings = readEnvFile();
  if (settings.kind === 'wrong') throw new SettingsError(settings.line);
  for (const line of settings.warnings) process.stderr.write(`sentinel-bot: ${line}\n`);
  for (const [name, value] of Object.entries(settings.values)) process.env[name] ??= value;
  return parseEnv(process.env);
};

/** Settings that a person has to correct: what is wrong is in the message, without the values. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Throws with the names of all settings that are wrong, without their values. */
export const parseEnv = (given: Record<string, string | undefined>): Env => {
  const parsed = envSchema.safeParse({ ...given, ...proxiesIn(given) });
  const problems = parsed.success
    ? missing(parsed.data)
    : parsed.error.issues.map(({ path, message }) => `${String(path[0])}: ${message}`);
  if (!parsed.success || problems.length > 0)
    throw new SettingsError(`Settings cannot be used: ${problems.join('; ')}`);
  const statusFile = resolve(parsed.data.HEARTBEAT_STATUS_FILE);
  const data = resolve(parsed.data.SENTINEL_BOT_DATA ?? join(dirname(statusFile), 'data'));
  return {
    ...parsed.data,
    HEARTBEAT_STATUS_FILE: statusFile,
    demo: parsed.data.BULENOX_USERNAME === undefined,
    logs: dirname(statusFile),
    data,
    named: secretsIn(given),
    profile: resolve(parsed.data.BULENOX_PROFILE_PATH ?? join(data, 'browser-profile')),
  };
};

/** Many systems set these in lower case alone; where both are set the capitals win. */
const proxiesIn = (given: Record<string, string | undefined>) =>
  Object.fromEntries(
    ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'].map((name) => [
      name,
      given[name] || given[name.toLowerCase()] || undefined,
    ]),
  );

const missing = (env: z.output<typeof envSchema>): string[] => [
  ...((env.BULENOX_USERNAME === undefined) === (env.BULENOX_PASSWORD === undefined)
    ? []
    : ['BULENOX_USERNAME and BULENOX_PASSWORD: set both or neither']),
  // The demo strategy is made to be looked at: it must not reach an account of somebody's own.
  ...(env.SIGNAL_SOURCE === 'demo' && env.BULENOX_USERNAME !== undefined
    ? ['SIGNAL_SOURCE: the demo strategy does not trade for an account of your own']
    : []),
  ...(env.SIGNAL_SOURCE === 'api' && env.SIGNAL_API_URL === undefined
    ? ['SIGNAL_API_URL: SIGNAL_SOURCE=api needs it']
    : []),
  ...(env.SIGNAL_SOURCE === 'webhook' && env.SIGNAL_WEBHOOK_TOKEN === undefined
    ? ['SIGNAL_WEBHOOK_TOKEN: SIGNAL_SOURCE=webhook needs it, or anybody could trade']
    : []),
];

/** Everything in the environment that must never be shown. */
export const secretsOf = (env: Env): readonly (string | undefined)[] => [
  env.BULENOX_PASSWORD,
  env.BULENOX_USERNAME,
  ...secretsInAddress(env.BULENOX_LOGIN_URL),
  env.SIGNAL_API_KEY,
  env.SIGNAL_WEBHOOK_TOKEN,
  env.SLACK_WEBHOOK_URL,
  env.SLACK_WEBHOOK_URL_CRITICAL,
  env.FALLBACK_WEBHOOK_URL,
  ...secretsInAddress(env.SIGNAL_API_URL),
  env.HTTPS_PROXY,
  env.HTTP_PROXY,
  ...[env.HTTPS_PROXY, env.HTTP_PROXY].flatMap(secretsInAddress),
  ...env.named,
];

/** Whether this bot may be made to fail: a bot with an account of somebody's own only where it is said. */
export const drillsAllowed = (env: Env): boolean => env.SENTINEL_DRILLS ?? env.demo;

/** A file of the bot, beside the status file. */
export const fileIn = (env: Env, name: string): string => join(env.logs, name);

/** A file that only the bot has to reach. */
export const dataIn = (env: Env, name: string): string => join(env.data, name);

/** What the browser gets of the environment in which the bot was started. */
export const readBrowserEnvironment = () => browserEnvironment(process.env);

/** What systemd says to its services: nothing of it is a setting. */
export const readSystemd = () => systemdOf(process.env, process.pid);
