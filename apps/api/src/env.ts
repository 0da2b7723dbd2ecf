import { isIP } from 'node:net';
import { readEnvFile } from '@sentinel/dotenv';
import { durationWords, parseDuration, parseFormat, secretsIn } from '@sentinel/heartbeat-core';
import { systemdOf } from '@sentinel/systemd';
import { tokenPattern, tokenRule } from '@sentinel/tokens';
import { z } from 'zod';

// An empty value in a .env file means that it is not set.
const set = (value: unknown) => (value === '' ? undefined : value);
const text = z.preprocess(set, z.string().optional());
const minutes = z.preprocess(
  (given) =>
    typeof given === 'string' && given !== '' ? (parseDuration(given, 'minutes') ?? given) : set(given),
  z
    .number({ error: `expected ${durationWords('minutes')}` })
    .positive()
    .optional(),
);
const token = z.preprocess(set, z.string().regex(tokenPattern, tokenRule).optional());

/** The parts of a setting that are separated by commas. */
export const listOf = (given: string | undefined): string[] =>
  (given ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

const isProxy = (part: string): boolean => {
  const [address = '', bits, ...more] = part.split('/');
  if (bits === undefined) return isIP(part) !== 0 || /^(loopback|linklocal|uniquelocal)$/.test(part);
  return (
    more.length === 0 &&
    /^\d{1,3}$/.test(bits) &&
    // Everybody: then anybody says who asks.
    Number(bits) > 0 &&
    Number(bits) <= (isIP(address) === 6 ? 128 : isIP(address) && 32)
  );
};
/** What a browser says where a page is from: scheme, host and port as it writes them. */
const isOrigin = (part: string): boolean =>
  part === '*' || (/^https?:/.test(part) && URL.canParse(part) && new URL(part).origin === part);
const isHostName = (part: string): boolean => /^\w[\w-]*(\.\w[\w-]*)*\.?(:\d+)?$/.test(part);
const proxies = text.refine(
  (given) => listOf(given).every(isProxy),
  'expected addresses or networks, like 127.0.0.1,10.0.0.0/8; a network of all addresses trusts everybody and is none',
);
const origins = text.refine((given) => {
  const parts = listOf(given);
  return parts.every(isOrigin) && (parts.length === 1 || !parts.includes('*'));
}, 'expected origins as a browser writes them, like https://a.example:8443, separated by commas; or * alone');
/** The name and the token of each bot that has one of its own. Separated where the first `=` is: a token may end with some. */
export const tokensOfBots = (given: string | undefined): ReadonlyMap<string, string> =>
  new Map(
    listOf(given).map((pair) => {
      const [, name = '', own = ''] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
      return [name.trim(), own.trim()];
    }),
  );
const botTokens = text.refine((given) => {
  const tokens = tokensOfBots(given);
  return (
    tokens.size === listOf(given).length &&
    new Set(tokens.values()).size === tokens.size &&
    [...tokens].every(([name, token]) => name !== '' && tokenPattern.test(token))
  );
}, `expected name=token pairs, separated by commas, each name and each token once; a token has ${tokenRule}`);
const hostNames = text.refine(
  (given) => listOf(given).every(isHostName),
  'expected whole names, like sentinel.example.com,heartbeat-api',
);

const aPort = 'expected a whole number from 0 to 65535';

/** Digits alone: `0x10` would be another port than the one that people read. */
const portNumber = (value: unknown) =>
  typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : set(value);

/** What the API takes from the environment; the configuration page is made from it. */
export const envSchema = z.object({
  HOST: z
    .preprocess(set, z.string().default('127.0.0.1'))
    .describe("address on which the API listens; with another than this machine's own, set the tokens"),
  PORT: z
    .preprocess(portNumber, z.number(aPort).int(aPort).min(0, aPort).max(65_535, aPort).default(5000))
    .describe('port on which the API listens; 0 takes any free one'),
  HEARTBEAT_STATUS_FILE: z
    .preprocess(set, z.string().default('logs/heartbeat_status.txt'))
    .describe("the bot's status file"),
  SENTINEL_DB: z.preprocess(set, z.string().default('logs/sentinel.db')).describe("the monitor's journal"),
  SENTINEL_BOT_NAME: z.preprocess(set, z.string().max(100).default('bot')).describe('what the bot is called'),
  SENTINEL_BOTS: text.describe('several bots: `alpha=logs/a.txt,beta=logs/b.txt`'),
  SENTINEL_CONFIG: text.describe(
    'the config file of the monitor (`--config`), read at the start: its bots are served, and `SENTINEL_BOTS` is not used',
  ),
  SENTINEL_API_TOKEN: token.describe('bearer token for orders (and reading); without it orders are refused'),
  SENTINEL_READ_TOKEN: token.describe(
    'bearer token for reading; without it whoever reaches the port may read',
  ),
  SENTINEL_BEATS_TOKEN: token.describe(
    'bearer token for beats over HTTP (`POST /api/beats/<bot>`), and for nothing else; without it they are refused',
  ),
  SENTINEL_BEATS_TOKENS: botTokens.describe(
    "a bot's own token for its beats over HTTP: `alpha=token,beta=token`; for such a bot `SENTINEL_BEATS_TOKEN` does not count",
  ),
  SENTINEL_FORMAT: text
    .refine(
      (given) => given === undefined || parseFormat(given) !== null,
      'expected sentinel, touch, epoch, iso, json or log',
    )
    .describe(
      'what is in the status files: sentinel, touch, epoch, iso, json or log; not set: as the monitor has it',
    ),
  SENTINEL_MAX_AGE_MINUTES: minutes.describe(
    'a beat this old is stale; not set: as the monitor has it, without one 5',
  ),
  SENTINEL_MAX_STALL_MINUTES: minutes.describe(
    'how long `progress` may stay the same; not set: as the monitor has it, without a monitor not checked',
  ),
  SENTINEL_ALLOWED_HOSTS: hostNames.describe(
    'names under which the API may be asked, separated by commas; addresses and `localhost` always are, another name needs a token',
  ),
  SENTINEL_TRUSTED_PROXIES: proxies.describe(
    'proxies that are believed when they say who asks (`X-Forwarded-For`): addresses or networks, separated by commas; not set: none',
  ),
  SENTINEL_CORS_ORIGIN: origins.describe(
    'other origins that browsers may read from, separated by commas; `*` is any, and needs `SENTINEL_READ_TOKEN`',
  ),
  SENTINEL_DASHBOARD_DIR: text.describe('folder of the built dashboard; not set: the one that is shipped'),
});

/** What no single setting shows. */
const contradictionsIn = (settings: Settings): readonly string[] => [
  ...(settings.SENTINEL_CORS_ORIGIN === '*' && settings.SENTINEL_READ_TOKEN === undefined
    ? ['SENTINEL_CORS_ORIGIN is not usable: with * any page may read, so it needs SENTINEL_READ_TOKEN']
    : []),
  ...sameTokensIn(settings),
];

const sameTokensIn = ({
  SENTINEL_READ_TOKEN: read,
  SENTINEL_API_TOKEN: api,
  SENTINEL_BEATS_TOKEN: beats,
  SENTINEL_BEATS_TOKENS: ofBots,
}: Settings): readonly string[] => {
  const same = (name: string, other: string, could: string) =>
    `${name} is not usable: it is that of ${other}, so ${could}; make another one`;
  return [
    ...(read !== undefined && read === api
      ? [same('SENTINEL_READ_TOKEN', 'SENTINEL_API_TOKEN', 'whoever may read could give orders')]
      : []),
    ...(beats !== undefined && beats === api
      ? [same('SENTINEL_BEATS_TOKEN', 'SENTINEL_API_TOKEN', 'every bot could give orders')]
      : []),
    ...[...tokensOfBots(ofBots).values()]
      .filter((own) => [api, read, beats].includes(own))
      .slice(0, 1)
      .map(
        () => 'SENTINEL_BEATS_TOKENS is not usable: it has the token of another setting; make another one',
      ),
    ...(beats !== undefined && beats === read
      ? [same('SENTINEL_BEATS_TOKEN', 'SENTINEL_READ_TOKEN', 'whoever may read could beat for a dead bot')]
      : []),
  ];
};

export type Settings = z.infer<typeof envSchema>;

/** Settings, or the lines that say what is wrong with them. Never repeats a value: it may be a secret. */
type SettingsOutcome =
  | {
      readonly kind: 'settings';
      readonly settings: Settings;
      readonly warnings: readonly string[];
      readonly secrets: readonly string[];
    }
  | { readonly kind: 'wrong'; readonly lines: readonly string[] };

/** Reads the `.env` file of the current directory and the environment, which outranks it. */
export const readSettings = (
  folder = process.cwd(),
  env: NodeJS.ProcessEnv = process.env,
): SettingsOutcome => {
  // A crash report would hold every token otherwise.
  if (process.report !== undefined) process.report.excludeEnv = true;
  const file = readEnvFile(`${folder}/.env`);
  if (file.kind === 'wrong') return { kind: 'wrong', lines: [file.line] };
  const given = { ...file.values, ...env };
  const outcome = envSchema.safeParse(given);
  const lines = outcome.success
    ? contradictionsIn(outcome.data)
    : outcome.error.issues.map(
        ({ path, message }) => `${path.join('.')} is not usable: ${message.replace(/, received .*/, '')}`,
      );
  if (!outcome.success || lines.length > 0) return { kind: 'wrong', lines };
  return { kind: 'settings', settings: outcome.data, warnings: file.warnings, secrets: secretsIn(given) };
};

/** What systemd says to its services: nothing of it is a setting. */
export const readSystemd = () => systemdOf(process.env, process.pid);
