import { resolve } from 'node:path';
import type { BotSettings, Config, ConfigOutcome } from '@sentinel/monitor';
import {
  botSettings,
  contradictionsIn,
  fitsText,
  monitorSettings,
  readConfig,
  readMarketHoursFile,
} from '@sentinel/monitor/check';
import { channelProblems, ladderProblems } from './channel-names.ts';
import type { Env } from './env.ts';
import { few } from './few.ts';
import { flagOf } from './flag-table.ts';
import type { Given } from './request.ts';

const wrong = (...lines: string[]): ConfigOutcome => ({ kind: 'wrong', lines });

// What one run may say of all bots, whatever their file says.
const overrides = ['name', 'dryRun'];

/**
 * The settings of a run: those of the flags for one bot, those of the config file for many.
 *
 * @param calls whether it calls an address: what only looks at a bot does so whatever is wrong with one.
 */
export const configOf = async (given: Given, env: Env, calls = true): Promise<ConfigOutcome> => {
  const urls = { SENTINEL_PING_URL: env.pingUrl, SENTINEL_PUBLIC_URL: env.publicUrl };
  for (const [name, url] of Object.entries(urls))
    if (calls && url !== undefined && !fitsText('url', url))
      return wrong(`${name}: expected an address that begins with https:// or http://`);
  const outcome = given.config === undefined ? await ofFlags(given, env) : await ofFile(given.config, given);
  if (outcome.kind === 'wrong') return outcome;
  const { config } = outcome;
  const problems = [...channelProblems(env, config.channels ?? []), ...ladderProblems(env, config)];
  if (problems.length > 0) return wrong(...problems.map((problem) => `${given.config}: ${problem}`));
  const pingUrl = given.pingUrl ?? config.pingUrl ?? env.pingUrl;
  const publicUrl = given.publicUrl ?? config.publicUrl ?? env.publicUrl;
  const bots = config.bots.map((bot) => ({ ...bot, file: resolve(bot.file) }));
  return {
    kind: 'config',
    config: {
      ...config,
      bots,
      ...(pingUrl === undefined ? {} : { pingUrl }),
      ...(publicUrl === undefined ? {} : { publicUrl }),
    },
  };
};

const ofFlags = async (given: Given, env: Env): Promise<ConfigOutcome> => {
  const {
    interval,
    notify,
    pingUrl,
    publicUrl,
    allClear,
    selfTest,
    check,
    verbose,
    json,
    config: _,
    marketHours: file,
    ...bot
  } = given;
  const read = file === undefined ? undefined : await readMarketHoursFile(file);
  if (read?.kind === 'wrong') return read;
  const settings: BotSettings = {
    name: env.bot,
    file: env.file,
    ...bot,
    ...(read === undefined ? {} : { marketHours: read.hours }),
  };
  const config: Config = {
    interval: interval ?? monitorSettings.interval.fallback,
    ...(notify === undefined ? {} : { notify }),
    ...(allClear === undefined ? {} : { allClear }),
    ...(selfTest === undefined ? {} : { selfTest }),
    bots: [settings],
  };
  const lines = contradictionsIn(config).map(
    ({ key, problem }) => `${flagOf(key)} ${problem.replace('restart', '--restart')}`,
  );
  return lines.length === 0 ? { kind: 'config', config } : wrong(...lines);
};

const ofFile = async (file: string, given: Given): Promise<ConfigOutcome> => {
  const misplaced = Object.keys(given).find((key) => key in botSettings && !overrides.includes(key));
  if (misplaced !== undefined)
    return wrong(`${flagOf(misplaced)} is about one bot: with --config write it in ${file}, as ${misplaced}`);
  const outcome = await readConfig(file);
  if (outcome.kind === 'wrong') return outcome;
  const { bots, interval, notify } = outcome.config;
  const chosen = bots.filter(({ name }) => given.name === undefined || name === given.name);
  if (chosen.length === 0)
    return wrong(`--bot ${given.name}: ${file} has no such bot, it has ${few(bots.map(({ name }) => name))}`);
  return {
    kind: 'config',
    config: {
      ...outcome.config,
      interval: given.interval ?? interval,
      notify: given.notify ?? notify ?? true,
      ...(given.allClear === undefined ? {} : { allClear: given.allClear }),
      ...(given.selfTest === undefined ? {} : { selfTest: given.selfTest }),
      bots: given.dryRun === true ? chosen.map((bot) => ({ ...bot, dryRun: true })) : chosen,
    },
  };
};
