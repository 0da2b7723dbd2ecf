import type { MarketHours } from '@sentinel/heartbeat-core';
import { allClear, selfTest } from './all-clear-setting.ts';
import { peerSettings } from './peer-settings.ts';
import type { SettingKind } from './setting-kinds.ts';

/** One setting: the same in a flag (`--max-age`) and in a config file (`maxAge`). */
export type Setting = {
  readonly kind: SettingKind;
  /** Under which heading the help shows it. */
  readonly group: string;
  /** Its one-letter flag. */
  readonly short?: string;
  /** What stands for the value in the help; a switch has none. */
  readonly value?: string;
  readonly fallback?: number;
  /** What is so without it, where that is no number. */
  readonly otherwise?: string;
  readonly meaning: string;
};

const watched = 'What is watched';
const well = 'When the bot is well';
const restarts = 'Restarts';
const told = 'Who is told';

/** What is said of one bot. */
export const botSettings = {
  name: {
    kind: 'text',
    group: watched,
    value: 'name',
    otherwise: 'SENTINEL_BOT_NAME or bot',
    meaning: 'name of the bot in alerts, in the journal and in orders',
  },
  file: {
    kind: 'text',
    group: watched,
    value: 'path',
    otherwise: 'HEARTBEAT_STATUS_FILE or logs/heartbeat_status.txt',
    meaning: "the bot's status file",
  },
  format: {
    kind: 'format',
    group: watched,
    value: 'format',
    otherwise: 'sentinel',
    meaning: 'what is in that file: sentinel, touch, epoch, iso, json (or json:time=/key,status=/key) or log',
  },
  timezone: {
    kind: 'zone',
    group: watched,
    value: 'zone',
    otherwise: 'that of this machine',
    meaning: 'the time zone of timestamps without an offset',
  },
  botLog: {
    kind: 'text',
    group: watched,
    value: 'path',
    otherwise: 'what the restart command prints',
    meaning: "the bot's log: its last 20 lines are in the first message of an incident",
  },
  marketHours: {
    kind: 'market',
    group: watched,
    value: 'json file',
    otherwise: 'always open',
    meaning: 'when the market is open; the age of a beat counts only then',
  },
  maxAge: {
    kind: 'minutes',
    group: well,
    short: 'm',
    value: 'minutes',
    fallback: 5,
    meaning: 'age at which a beat is stale',
  },
  startupGrace: {
    kind: 'minutes',
    group: well,
    short: 'g',
    value: 'minutes',
    otherwise: 'as --max-age',
    meaning: 'time for the first beat of a start',
  },
  maxStall: {
    kind: 'minutes',
    group: well,
    value: 'minutes',
    otherwise: 'not checked',
    meaning: 'how long `progress` may stay the same before the bot is stuck',
  },
  maxFeedAge: {
    kind: 'minutes',
    group: well,
    value: 'minutes',
    otherwise: 'not checked',
    meaning: 'how old the last data of a feed (`feeds`) may be before the bot is degraded',
  },
  maxNaked: {
    kind: 'minutes',
    group: well,
    value: 'minutes',
    otherwise: 'not checked',
    meaning: 'how long a position may be without a resting stop (`exposure`) before an alert is sent',
  },
  failureThreshold: {
    kind: 'count',
    group: well,
    value: 'count',
    fallback: 1,
    meaning: 'how many looks in a row must find the bot unhealthy before that counts',
  },
  restartOnError: {
    kind: 'minutes',
    group: well,
    value: 'minutes',
    otherwise: 'for ever',
    meaning: 'how long a fresh ❌ may last before it counts',
  },
  restart: {
    kind: 'text',
    group: restarts,
    short: 'r',
    value: 'command',
    otherwise: 'only watch and alert',
    meaning: 'command that restarts the bot',
  },
  restartEndsBot: {
    kind: 'switch',
    group: restarts,
    meaning:
      'the restart command ends the old bot by itself, so the monitor ends nothing (docker restart and the like are recognized)',
  },
  botProcess: {
    kind: 'pattern',
    group: restarts,
    value: 'pattern',
    otherwise: 'what --restart runs',
    meaning: 'a regular expression for the command line of the bot: its processes are ended before a restart',
  },
  noRestartOn: {
    kind: 'codes',
    group: restarts,
    value: 'codes',
    meaning: 'exit codes of the bot after which it is not restarted, such as 78,42',
  },
  supervise: {
    kind: 'switch',
    group: restarts,
    meaning: "be the bot's parent: start it with the monitor, end it with the monitor",
  },
  maxRestarts: {
    kind: 'count',
    group: restarts,
    value: 'count',
    fallback: 5,
    meaning: 'how many restarts there may be in any window',
  },
  restartWindow: {
    kind: 'minutes',
    group: restarts,
    value: 'minutes',
    fallback: 60,
    meaning: 'the window of --max-restarts',
  },
  restartTimeout: {
    kind: 'seconds',
    group: restarts,
    value: 'seconds',
    otherwise: 'as --startup-grace',
    meaning: 'how long the command may run without a beat of a new start before it is ended',
  },
  backoff: {
    kind: 'seconds',
    group: restarts,
    value: 'seconds',
    fallback: 10,
    meaning: 'the first wait between restarts; it doubles up to five minutes',
  },
  passEnv: {
    kind: 'text',
    group: restarts,
    value: 'names',
    meaning:
      "more variables that the commands get, although they are Sentinel's own or not the tool's, separated by commas: SLACK_*,SENTINEL_BROKER",
  },
  onExhausted: {
    kind: 'text',
    group: restarts,
    value: 'command',
    meaning:
      'run once in an incident when the restart budget is spent, for example to cancel orders; it has 60 seconds',
  },
  onExhaustedIf: {
    kind: 'exposed',
    group: restarts,
    value: 'exposed',
    otherwise: 'always',
    meaning: '`exposed`: not run if the last beat shows that nothing is at stake (`exposure`)',
  },
  dryRun: {
    kind: 'switch',
    group: restarts,
    meaning: 'restart nothing and notify nobody: only log what would have been done',
  },
  remindEvery: {
    kind: 'minutes',
    group: told,
    value: 'minutes',
    fallback: 60,
    meaning: 'time to the first reminder of an open incident; then the interval doubles, up to a day',
  },
} as const satisfies Record<string, Setting>;

/** What is said of the monitor as a whole. */
export const monitorSettings = {
  interval: {
    kind: 'seconds',
    group: watched,
    short: 'i',
    value: 'seconds',
    fallback: 60,
    meaning: 'longest time between two looks; changes and deadlines are seen at once',
  },
  notify: {
    kind: 'switch',
    group: told,
    short: 'n',
    meaning: 'send Slack notifications',
  },
  allClear,
  selfTest,
  publicUrl: {
    kind: 'url',
    group: told,
    value: 'url',
    otherwise: 'SENTINEL_PUBLIC_URL, or no links',
    meaning: 'address of the page, as people reach it: alerts link to the bot or the incident',
  },
  pingUrl: {
    kind: 'url',
    group: told,
    value: 'url',
    otherwise: 'SENTINEL_PING_URL',
    meaning: "dead-man's switch that is called once a minute while all is well (healthchecks scheme)",
  },
  ...peerSettings,
} as const satisfies Record<string, Setting>;

type ValueOf<Kind extends SettingKind> = Kind extends 'switch'
  ? boolean
  : Kind extends 'minutes' | 'seconds' | 'count'
    ? number
    : Kind extends 'market'
      ? MarketHours
      : string;
/** What a person may write of each setting of a table. */
export type ValuesOf<Table extends Record<string, Setting>> = {
  readonly [Key in keyof Table]?: ValueOf<Table[Key]['kind']>;
};

/** The settings of one bot as a person writes them: minutes and seconds, what is left out has its default. */
export type BotSettings = ValuesOf<typeof botSettings> & {
  readonly name: string;
  readonly file: string;
  /** Words by which people find it on the page. Only a config file has them. */
  readonly tags?: readonly string[];
};
