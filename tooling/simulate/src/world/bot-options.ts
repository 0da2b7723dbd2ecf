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

/** What is done about an incident that nobody has acknowledged. */
const ladder = [
  { afterMs: 90_000, to: 'oncall' },
  { afterMs: 150_000, run: 'on-exhausted' },
] as const;

/** Open all week, but for this pause. */
const marketHours = { timeZone: 'UTC', dailyBreak: { from: '12:40', to: '13:25' } } as const;
/** Whether the market of a bot is closed at this instant. */
export const isClosed = ({ closes }: BotSetup, wall: number): boolean => {
  const minutes = Math.floor(wall / 60_000) % (24 * 60);
  return closes === true && minutes >= 12 * 60 + 40 - 1 && minutes < 13 * 60 + 25 + 1;
};

const formatOf = (style: BotSetup['style']): BotOptions['format'] => {
  if (style === 'json') return { kind: 'json', keys: {} };
  return style === 'epoch' || style === 'iso' ? { kind: style } : undefined;
};

/** One bot as the monitor is told to watch it. */
export const botOptionsOf = (setup: BotSetup, file: string): BotOptions => {
  const { name, recipe, named, style, zone = 'UTC', closes, escalates, supervise } = setup;
  const format = formatOf(style);
  const command = commandOf(recipe, name);
  return {
    name,
    file,
    timeZone: zone,
    ...(format === undefined ? {} : { format }),
    health: { ...defaultHealthPolicy, maxAgeMs: policy.maxAgeMs, maxStallMs: policy.maxStallMs },
    restart: {
      ...defaultRestartPolicy,
      enabled: command !== null,
      supervised: supervise === true,
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
      ...(escalates === true ? { escalation: ladder } : {}),
    },
    marketHours: closes === true ? marketHours : null,
    ...(supervise === true ? { supervise } : {}),
    ...(named === true ? { botProcess: 'heartbeat\\.py' } : {}),
    ...(command === null ? {} : { command, lastResort: `flatten ${name}` }),
  };
};
