import { inWords } from '@sentinel/heartbeat-core';
import { plainValue, type WillText } from '@sentinel/notify';
import type { BotView } from './bot-view.ts';
import { worstFirst } from './summary.ts';

/** How often a last will is put off, and how long after that it goes out, in ms. */
export type WillPace = { readonly periodMs: number; readonly horizonMs: number };

const usualHorizonMs = 5 * 60_000;

/**
 * The pace of a last will. A will that is put off five times before it is due outlives four tries that fail. `null`: so
 * soon it cannot go out at this service.
 *
 * @param horizonMs what a person asks for; `null`: nothing, then five minutes, or what the service allows.
 * @param least how often the service may be asked, and how soon it may send.
 */
export const willPace = (
  horizonMs: number | null,
  least: { readonly renewMs: number; readonly horizonMs: number },
): WillPace | null => {
  const horizon = horizonMs ?? Math.max(usualHorizonMs, least.horizonMs);
  if (horizon < least.horizonMs) return null;
  return { periodMs: Math.max(least.renewMs, horizon / 5), horizonMs: horizon };
};

const mostBots = 20;
const utc = (at: number): string => plainValue({ at });

const lineOf = ({ name, state, ageMs, exposure }: BotView, now: number): string =>
  [
    `${name}: ${state}`,
    ageMs === null ? 'no heartbeat known' : `last heartbeat ${utc(now - ageMs)}`,
    ...(exposure === null ? [] : [exposure]),
  ].join(', ');

/** What people are told when nobody here can any more: the last facts that were known. `now` is in ms since the epoch. */
export const willOf = (views: readonly BotView[], host: string, now: number): WillText => {
  const lines = worstFirst(views)
    .slice(0, mostBots)
    .map((view) => lineOf(view, now));
  return {
    title: `❌ ${host}: nothing is heard of the monitor`,
    text: [
      `Since ${utc(now)} nothing has been heard of the monitor on ${host}. The machine, its power or its network is down, or the monitor was killed. This message was left here for that case.`,
      'Last known:',
      ...lines,
      ...(views.length > mostBots ? [`and ${views.length - mostBots} more`] : []),
      'Next: reach the machine. If you cannot, look at positions and orders at the broker.',
    ].join('\n'),
  };
};

/** What is said when a will may have gone out, and the monitor works. */
export const correctionOf = (host: string, dueAt: number, now: number): WillText => ({
  title: `✅ ${host}: the monitor is heard again`,
  text: `The last will of ${utc(dueAt)} may have gone out: it could not be put off for ${inWords(Math.max(0, now - dueAt))} after that. The monitor works, and it can be heard again since ${utc(now)}. What happened meanwhile is in the history.`,
});
