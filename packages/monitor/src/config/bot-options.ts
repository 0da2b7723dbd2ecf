import { defaultHealthPolicy, parseFormat } from '@sentinel/heartbeat-core';
import { defaultRestartPolicy, type Policy } from '../core/policy.ts';
import type { BotOptions } from '../shell/options.ts';
import type { Config } from './config.ts';
import { codesOf } from './setting-kinds.ts';
import { type BotSettings, botSettings } from './settings.ts';

const minute = 60_000;
const second = 1000;
const minutesOr = <T>(value: number | undefined, otherwise: T) =>
  value === undefined ? otherwise : value * minute;

/** The policy that settings ask for; also that of a replay, which has no bot. */
const policyOf = (settings: Omit<BotSettings, 'name' | 'file'>): Policy => {
  const maxAgeMs = (settings.maxAge ?? botSettings.maxAge.fallback) * minute;
  const { restartTimeout } = settings;
  return {
    health: {
      ...defaultHealthPolicy,
      maxAgeMs,
      maxStallMs: minutesOr(settings.maxStall, null),
      maxFeedAgeMs: minutesOr(settings.maxFeedAge, null),
    },
    restart: {
      ...defaultRestartPolicy,
      enabled: settings.restart !== undefined,
      maxAgeMs,
      supervised: settings.supervise === true,
      noRestartOn: codesOf(settings.noRestartOn ?? '') ?? [],
      graceMs: minutesOr(settings.startupGrace, maxAgeMs),
      most: settings.maxRestarts ?? botSettings.maxRestarts.fallback,
      windowMs: (settings.restartWindow ?? botSettings.restartWindow.fallback) * minute,
      restartTimeoutMs: restartTimeout === undefined ? null : restartTimeout * second,
      backoffMs: (settings.backoff ?? botSettings.backoff.fallback) * second,
      failureThreshold: settings.failureThreshold ?? botSettings.failureThreshold.fallback,
      remindMs: (settings.remindEvery ?? botSettings.remindEvery.fallback) * minute,
      errorGraceMs: minutesOr(settings.restartOnError, null),
      onExhausted: settings.onExhausted !== undefined,
      onlyExposed: settings.onExhaustedIf === 'exposed',
      maxNakedMs: minutesOr(settings.maxNaked, null),
    },
    marketHours: settings.marketHours ?? null,
  };
};

/** One bot to watch, from what a person wrote in flags or in a config file. */
export const toBotOptions = (settings: BotSettings): BotOptions => {
  const { name, file, restart, restartEndsBot, onExhausted, timezone, supervise, dryRun } = settings;
  const format = settings.format === undefined ? null : parseFormat(settings.format);
  return {
    ...policyOf(settings),
    name,
    file,
    ...(restart === undefined ? {} : { command: restart }),
    ...(settings.passEnv === undefined ? {} : { passEnv: settings.passEnv }),
    ...(onExhausted === undefined ? {} : { lastResort: onExhausted }),
    ...(timezone === undefined ? {} : { timeZone: timezone }),
    ...(format === null ? {} : { format }),
    ...(restartEndsBot === true ? { commandEndsBot: true } : {}),
    ...(settings.botLog === undefined ? {} : { botLog: settings.botLog }),
    ...(settings.botProcess === undefined ? {} : { botProcess: settings.botProcess }),
    ...(supervise === true ? { supervise } : {}),
    ...(dryRun === true ? { dryRun } : {}),
  };
};

/** The bots of a config, each with the ladder that holds for all of them. */
export const botsOf = ({ bots, escalation }: Pick<Config, 'bots' | 'escalation'>): BotOptions[] =>
  bots
    .map(toBotOptions)
    .map((bot) => (escalation === undefined ? bot : { ...bot, restart: { ...bot.restart, escalation } }));
