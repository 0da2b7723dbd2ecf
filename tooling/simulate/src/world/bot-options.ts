import { defaultHealthPolicy } from '@sentinel/heartbeat-core';
import { type BotOptions, defaultRestartPolicy } from '@sentinel/monitor';
import type { BotSetup } from '../script.ts';
import { commandOf } from './recipes.ts';

/** How long things take in this world, in ms: short, so that a story of an hour has many of them. */
export const policy = {
  maxAgeMs: 60_000,
  graceMs: 40_000,
  most: 3,
  windowMs: 5 * 60_000,
  longestBackoffMs: 30_000,
  killAfterMs: defaultRestartPolicy.killAfterMs,
  maxStallMs: 120_000,
  errorGraceMs: 120_000,
} as const;

/** One bot as the monitor is told to watch it. */
export const botOptionsOf = ({ name, recipe, named }: BotSetup, file: string): BotOptions => {
  const command = commandOf(recipe, name);
  return {
    name,
    file,
    timeZone: 'UTC',
    health: { ...defaultHealthPolicy, maxAgeMs: policy.maxAgeMs, maxStallMs: policy.maxStallMs },
    restart: {
      ...defaultRestartPolicy,
      enabled: command !== null,
      graceMs: policy.graceMs,
      most: policy.most,
      windowMs: policy.windowMs,
      backoffMs: 5000,
      longestBackoffMs: policy.longestBackoffMs,
      maxAgeMs: policy.maxAgeMs,
      settleMs: 60_000,
      errorGraceMs: policy.errorGraceMs,
      remindMs: 10 * 60_000,
      onExhausted: command !== null,
    },
    marketHours: null,
    ...(named === true ? { botProcess: 'heartbeat\\.py' } : {}),
    ...(command === null ? {} : { command, lastResort: `flatten ${name}` }),
  };
};
