import { oneLine, parseJson } from '@sentinel/heartbeat-core';
import { closestMatch } from 'leven';
import type * as Zod from 'zod';
import type { Config, ConfigOutcome, HoursOutcome } from './config.ts';
import { buildConfigSchema } from './config-schema.ts';
import { contradictionsIn, short } from './contradictions.ts';
import { escalationProblems, takeEscalation } from './escalation-setting.ts';
import { fleetKeys, fleetNumbers } from './fleet-settings.ts';
import {
  doubleNames,
  incompleteChannels,
  mayRepeat,
  takeChannels,
  unknownChannelKey,
} from './parse-channels.ts';
import { peerProblems, unknownPeerKey } from './parse-peers.ts';
import { expectationOf, numberIn } from './setting-kinds.ts';
import { type BotSettings, botSettings, monitorSettings, type Setting } from './settings.ts';

type ConfigFile = Omit<Config, 'interval' | 'bots' | 'channels' | 'escalation'> & {
  readonly $schema?: string;
  readonly interval?: number;
  readonly channels?: readonly unknown[];
  readonly escalation?: readonly unknown[];
  readonly defaults?: Partial<BotSettings>;
  readonly bots: readonly BotSettings[];
};

type Document = { readonly kind: 'document'; readonly document: unknown };
type Wrong = { readonly kind: 'wrong'; readonly lines: readonly string[] };

/** What is no JSON may be any file, a `.env` say: nothing of it is repeated. */
const readDocument = (text: string): Document | Wrong => {
  try {
    return { kind: 'document', document: parseJson(text) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { kind: 'wrong', lines: [`is no JSON that can be used: ${error.message}`] };
  }
};

/** Takes a config file's text apart. zod is given, as {@link buildConfigSchema} wants it. */
export const parseConfig = (z: typeof Zod, text: string): ConfigOutcome => {
  const read = readDocument(text);
  return read.kind === 'wrong' ? read : takeConfig(z, read.document);
};

/** As {@link parseConfig}, for who watches no bot: what is said of bots may be left out. */
export const parseWithoutBots = (z: typeof Zod, text: string): ConfigOutcome => {
  const read = readDocument(text);
  if (read.kind === 'wrong') return read;
  const { document } = read;
  const isObject = typeof document === 'object' && document !== null && !Array.isArray(document);
  return takeConfig(z, isObject ? { bots: [{ name: 'bot', file: 'file' }], ...document } : document);
};

/** Takes the text of a file apart that holds market hours alone. zod as for {@link parseConfig}. */
export const parseHours = (z: typeof Zod, text: string): HoursOutcome => {
  const read = readDocument(text);
  if (read.kind === 'wrong') return read;
  const outcome = takeConfig(z, { bots: [{ name: 'bot', file: 'file', marketHours: read.document }] });
  if (outcome.kind === 'wrong')
    return { kind: 'wrong', lines: outcome.lines.map((line) => line.replace(/^bots\[0\]\./, '')) };
  const [bot] = outcome.config.bots;
  return bot?.marketHours === undefined
    ? { kind: 'wrong', lines: ['is empty'] }
    : { kind: 'hours', hours: bot.marketHours };
};

/** The settings with each time that has a unit as the number that stands for it. */
const inNumbers = <T extends object>(settings: T, table: Readonly<Record<string, Setting>>): T =>
  Object.fromEntries(
    Object.entries(settings).map(([key, value]) => {
      const kind = table[key]?.kind;
      const number = kind === undefined || typeof value !== 'string' ? Number.NaN : numberIn(kind, value);
      return [key, Number.isNaN(number) ? value : number];
    }),
  ) as T;

const takeConfig = (z: typeof Zod, document: unknown): ConfigOutcome => {
  const outcome = buildConfigSchema(z).safeParse(document);
  if (!outcome.success)
    return { kind: 'wrong', lines: outcome.error.issues.flatMap((issue) => wordsOf(issue, document)) };
  // The schema has been built from the tables that the type is made from.
  const {
    $schema: _,
    interval,
    defaults = {},
    bots,
    channels: written,
    escalation: rungs,
    fleet,
    ...others
  } = inNumbers(outcome.data as unknown as ConfigFile, monitorSettings);
  const channels = written === undefined ? undefined : takeChannels(written);
  const escalation = rungs === undefined ? undefined : takeEscalation(rungs);
  const config: Config = {
    ...others,
    interval: interval ?? monitorSettings.interval.fallback,
    ...(channels === undefined ? {} : { channels }),
    ...(escalation === undefined ? {} : { escalation }),
    ...(fleet === undefined ? {} : { fleet: inNumbers(fleet, fleetNumbers) }),
    bots: bots.map((bot) => inNumbers({ ...defaults, ...bot }, botSettings)),
  };
  const ofBots = contradictionsIn(config).map(
    ({ index, key, problem }) => `bots[${index}].${key}: ${problem}`,
  );
  const lines = [
    ...ofBots,
    ...doubleNames(channels ?? []),
    ...incompleteChannels(channels ?? []),
    ...escalationProblems(escalation ?? [], config.bots),
    ...peerProblems(config),
  ];
  return lines.length === 0 ? { kind: 'config', config } : { kind: 'wrong', lines };
};

const places: Readonly<Record<string, Readonly<Record<string, Setting>>>> = {
  '': monitorSettings,
  bots: botSettings,
  defaults: botSettings,
  fleet: fleetNumbers,
};
const parts = ['$schema', 'defaults', 'bots', 'channels', 'escalation', 'fleet', 'peers'];
const topKeys = [...parts, ...Object.keys(monitorSettings)];
const marketKeys = ['timeZone', 'weeklyClosures', 'dailyBreak', 'holidays', 'earlyCloses', 'from', 'to'];

const settingAt = (path: readonly PropertyKey[]): Setting | undefined => {
  const [top, second, third] = path;
  if (path.length === 1) return places['']?.[String(top)];
  const key = top === 'bots' ? third : second;
  return path.length === (top === 'bots' ? 3 : 2) ? places[String(top)]?.[String(key)] : undefined;
};

/** `bots[2].maxAge`. */
const pathWords = (path: readonly PropertyKey[]): string =>
  path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${short(oneLine(String(part)))}`))
    .join('')
    .replace(/^\./, '');

const wordsOf = (issue: Zod.core.$ZodIssue, document: unknown): string[] => {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey([...path, key], document));
  const setting = settingAt(path);
  const expected = setting === undefined ? issue.message : `expected ${expectationOf(setting.kind)}`;
  const where = path.length === 0 ? '' : `${pathWords(path)}: `;
  // It may repeat a value.
  const problem = short(setting?.kind === 'market' ? issue.message : expected, 300);
  return [`${where}${lowerFirst(problem)}${found(path, document)}`];
};

const unknownKey = (path: readonly PropertyKey[], document: unknown): string => {
  const key = String(path.at(-1));
  if (path[0] === 'channels' && path.length > 1)
    return unknownChannelKey(pathWords(path), key, valueAt(path.slice(0, -1), document));
  if (path[0] === 'peers' && path.length > 1) return unknownPeerKey(pathWords(path), key);
  const known =
    path.length === 1
      ? topKeys
      : path[0] === 'fleet'
        ? fleetKeys(path.slice(1, -1))
        : path.includes('marketHours')
          ? marketKeys
          : [...Object.keys(botSettings), ...(path[0] === 'bots' ? ['tags'] : [])];
  const near = closestMatch(
    key.toLowerCase(),
    known.map((name) => name.toLowerCase()),
    {
      maxDistance: Math.max(2, Math.floor(key.length / 2)),
    },
  );
  const meant = known.find((name) => name.toLowerCase() === near);
  const hint = meant === undefined ? `known are ${known.join(', ')}` : `did you mean ${meant}?`;
  return `${pathWords(path)}: is no setting, ${hint}`;
};

const valueAt = (path: readonly PropertyKey[], document: unknown): unknown => {
  let value: unknown = document;
  for (const part of path) value = (value as Record<PropertyKey, unknown> | undefined)?.[part];
  return value;
};

/** The value that stands there. An address may hold a secret, and is not repeated. */
const found = (path: readonly PropertyKey[], document: unknown): string => {
  const value = valueAt(path, document);
  if (value === undefined) return ', found nothing';
  if (
    ['pingUrl', 'canary'].includes(String(path.at(-1))) ||
    path[0] === 'peers' ||
    path[0] === 'fleet' ||
    (path[0] === 'channels' && !mayRepeat(path))
  )
    return ', found something else';
  return `, found ${short(JSON.stringify(beginningOf(value, 3)))}`;
};

const mostEntries = 20;
/** What of a value may be shown. A file may nest deeper than `JSON.stringify` can follow. */
const beginningOf = (value: unknown, depth: number): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (Array.isArray(value)) return value.slice(0, mostEntries).map((one) => beginningOf(one, depth - 1));
  const entries = Object.entries(value).slice(0, mostEntries);
  return Object.fromEntries(entries.map(([key, one]) => [key, beginningOf(one, depth - 1)]));
};

const lowerFirst = (text: string) =>
  `${text.charAt(0).toLowerCase()}${text.slice(1)}`
    .replace(/^invalid input: /, '')
    .replace(/, received .*$/, '');
