import type { MarketHours } from '@sentinel/heartbeat-core';
import { peerSettings } from './peer-settings.ts';
import { restartSettings } from './restart-settings.ts';
import { inGroup, type Setting } from './setting.ts';
import type { SettingKind } from './setting-kinds.ts';

export type { Setting } from './setting.ts';

const watched = 'What is watched';
const told = 'Who is told';

export const botSettings = {
  ...inGroup(watched, {
    name: {
      kind: 'text',
      value: 'name',
      otherwise: 'SENTINEL_BOT_NAME or bot',
      meaning: 'name of the bot in alerts, in the journal and in orders',
    },
    file: {
      kind: 'text',
      value: 'path',
      otherwise: 'HEARTBEAT_STATUS_FILE or logs/heartbeat_status.txt',
      meaning: "the bot's status file",
    },
    format: {
      kind: 'format',
      otherwise: 'sentinel',
      meaning:
        'what is in that file: sentinel, touch, epoch, iso, json (or json:time=/key,status=/key) or log',
    },
    timezone: {
      kind: 'zone',
      otherwise: 'that of this machine',
      meaning: 'the time zone of timestamps without an offset',
    },
    botLog: {
      kind: 'text',
      value: 'path',
      otherwise: 'what the restart command prints',
      meaning: "the bot's log: its last 20 lines are in the first message of an incident",
    },
    marketHours: {
      kind: 'market',
      value: 'json file',
      otherwise: 'always open',
      meaning: 'when the market is open; the age of a beat counts only then',
    },
  }),
  ...inGroup('When the bot is well', {
    maxAge: { kind: 'minutes', short: 'm', fallback: 5, meaning: 'age at which a beat is stale' },
    startupGrace: {
      kind: 'minutes',
      short: 'g',
      otherwise: 'as --max-age',
      meaning: 'time for the first beat of a start',
    },
    maxStall: {
      kind: 'minutes',
      otherwise: 'not checked',
      meaning: 'how long `progress` may stay the same before the bot is stuck',
    },
    maxFeedAge: {
      kind: 'minutes',
      otherwise: 'not checked',
      meaning: 'how old the last data of a feed (`feeds`) may be before the bot is degraded',
    },
    maxNaked: {
      kind: 'minutes',
      otherwise: 'not checked',
      meaning: 'how long a position may be without a resting stop (`exposure`) before an alert is sent',
    },
    failureThreshold: {
      kind: 'count',
      fallback: 1,
      meaning: 'how many looks in a row must find the bot unhealthy before that counts',
    },
    restartOnError: {
      kind: 'minutes',
      otherwise: 'for ever',
      meaning: 'how long a fresh ❌ may last before it counts',
    },
  }),
  ...restartSettings,
  ...inGroup(told, {
    remindEvery: {
      kind: 'minutes',
      fallback: 60,
      meaning: 'time to the first reminder of an open incident; then the interval doubles, up to a day',
    },
  }),
};

/** What is said of the monitor as a whole. */
export const monitorSettings = {
  ...inGroup(watched, {
    interval: {
      kind: 'seconds',
      short: 'i',
      fallback: 60,
      meaning: 'longest time between two looks; changes and deadlines are seen at once',
    },
  }),
  ...inGroup(told, {
    notify: { kind: 'switch', short: 'n', meaning: 'send Slack notifications' },
    allClear: {
      kind: 'time',
      meaning:
        'send one quiet message a day at this time of this machine: how the bots are, and the last 24 hours',
    },
    selfTest: {
      kind: 'moment',
      meaning:
        'once a week at this moment of this machine (Mon 09:00) send a test message through every channel, and report what did not arrive',
    },
    publicUrl: {
      kind: 'url',
      otherwise: 'SENTINEL_PUBLIC_URL, or no links',
      meaning: 'address of the page, as people reach it: alerts link to the bot or the incident',
    },
    pingUrl: {
      kind: 'url',
      otherwise: 'SENTINEL_PING_URL',
      meaning: "dead-man's switch that is called once a minute while all is well (healthchecks scheme)",
    },
  }),
  ...peerSettings,
};

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
