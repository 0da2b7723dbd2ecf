import type { MarketHours } from '@sentinel/heartbeat-core';
import { allClear, selfTest } from './all-clear-setting.ts';
import { peerSettings } from './peer-settings.ts';
import { restartSettings } from './restart-settings.ts';
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
const told = 'Who is told';

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
  ...restartSettings,
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
