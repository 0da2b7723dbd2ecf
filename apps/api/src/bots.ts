import { dirname, join } from 'node:path';
import type { ApiOptions, WatchedBot } from '@sentinel/api';
import { type HealthPolicy, parseFormat } from '@sentinel/heartbeat-core';
import type { Config, FleetSettings } from '@sentinel/monitor';
import { type Settings, tokensOfBots } from './env.ts';

type Bots = ApiOptions['bots'];

const minuteMs = 60_000;

type BotsOutcome =
  | { readonly kind: 'bots'; readonly bots: Bots; readonly fleet?: FleetSettings }
  | { readonly kind: 'wrong'; readonly lines: readonly string[] };

/** The bots to serve, and no token of one that is none of them: it would protect nothing. */
export const readBots = async (settings: Settings): Promise<BotsOutcome> => {
  const outcome = await findBots(settings);
  if (outcome.kind === 'wrong') return outcome;
  const names = new Set(outcome.bots.map(({ name }) => name));
  const isStray = [...tokensOfBots(settings.SENTINEL_BEATS_TOKENS).keys()].some((name) => !names.has(name));
  const line = `SENTINEL_BEATS_TOKENS is not usable: it names a bot that is not served here; these are: ${[...names].join(', ')}`;
  return isStray ? { kind: 'wrong', lines: [line] } : outcome;
};

/** Those of the monitor's config file, where one is named, or those of the other settings. */
const findBots = async (settings: Settings): Promise<BotsOutcome> => {
  const { SENTINEL_CONFIG: file } = settings;
  if (file === undefined) {
    const bots = botsOf(settings);
    const form = 'write name=file pairs, each name once, separated by commas';
    return bots === null
      ? { kind: 'wrong', lines: [`SENTINEL_BOTS is not usable: ${form}`] }
      : { kind: 'bots', bots };
  }
  // Late: without a config file nothing of it is needed.
  const { readConfig, readConfigWithoutBots } = await import('@sentinel/monitor');
  const outcome = await readConfig(file);
  // On the machine of an observer there may be no bot: it is watched itself.
  const observed = outcome.kind === 'wrong' ? await readConfigWithoutBots(file) : outcome;
  if (outcome.kind === 'wrong' && observed.kind === 'config' && observed.config.fleet !== undefined)
    return { kind: 'bots', bots: [observerOf(settings)], fleet: observed.config.fleet };
  if (outcome.kind === 'wrong')
    return { kind: 'wrong', lines: outcome.lines.map((line) => `SENTINEL_CONFIG is not usable: ${line}`) };
  const { fleet } = outcome.config;
  return {
    kind: 'bots',
    bots: botsOfConfig(outcome.config, settings),
    ...(fleet === undefined ? {} : { fleet }),
  };
};

/** The heartbeat of an observer, which it writes beside its table. */
const observerOf = ({ SENTINEL_DB }: Settings): WatchedBot => ({
  name: 'observer',
  file: join(dirname(SENTINEL_DB), 'fleet_heartbeat.txt'),
});

const policyOf = (age: number | undefined, stall: number | undefined): Partial<HealthPolicy> => ({
  ...(age === undefined ? {} : { maxAgeMs: age * minuteMs }),
  ...(stall === undefined ? {} : { maxStallMs: stall * minuteMs }),
});

/** What the settings of the API ask for outranks the config, for every bot. */
const botsOfConfig = ({ bots }: Config, settings: Settings): Bots => {
  const all = bots.map(({ name, file, format: own, maxAge, maxStall, tags }): WatchedBot => {
    const format = parseFormat(settings.SENTINEL_FORMAT ?? own ?? '');
    const { SENTINEL_MAX_AGE_MINUTES: age = maxAge, SENTINEL_MAX_STALL_MINUTES: stall = maxStall } = settings;
    return {
      name,
      file,
      policy: policyOf(age, stall),
      ...(tags === undefined ? {} : { tags }),
      ...(format === null ? {} : { format }),
    };
  });
  // The schema asks for one at least.
  return all as [WatchedBot, ...WatchedBot[]];
};

/**
 * The bots to serve: `SENTINEL_BOTS` (`alpha=logs/alpha.txt,beta=logs/beta.txt`), or the one bot of the other
 * settings. `null` where `SENTINEL_BOTS` is not of that form, or names a bot twice.
 */
export const botsOf = (settings: Settings): Bots | null => {
  const { SENTINEL_MAX_AGE_MINUTES: age, SENTINEL_MAX_STALL_MINUTES: stall } = settings;
  const policy = policyOf(age, stall);
  const format = parseFormat(settings.SENTINEL_FORMAT ?? '');
  const asked = { policy, ...(format === null ? {} : { format }) };
  if (settings.SENTINEL_BOTS === undefined)
    return [{ name: settings.SENTINEL_BOT_NAME, file: settings.HEARTBEAT_STATUS_FILE, ...asked }];
  const bots = settings.SENTINEL_BOTS.split(',').map((part): WatchedBot | null => {
    const [, name, file] = /^\s*([^=]{1,100}?)\s*=\s*(.+?)\s*$/.exec(part) ?? [];
    return name === undefined || file === undefined ? null : { name, file, ...asked };
  });
  const good = bots.filter((bot) => bot !== null);
  const [first, ...others] = good;
  const names = new Set(good.map(({ name }) => name));
  return first === undefined || good.length < bots.length || names.size < good.length
    ? null
    : [first, ...others];
};
