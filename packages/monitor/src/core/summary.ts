import { compareStates } from '@sentinel/heartbeat-core';
import type { BotView } from './bot-view.ts';

/** Whether a bot has an incident that nobody has put to rest by a pause. */
export const isInTrouble = ({ incidentSince, pausedUntil }: BotView): boolean =>
  incidentSince !== null && pausedUntil === null;

/** Which of two needs a person more: negative for the first. */
const byNeed = (a: BotView, b: BotView): number =>
  Number(isInTrouble(b)) - Number(isInTrouble(a)) || compareStates(a.state, b.state);

/** The bots, the one that most needs a person first; equals stay in their order. */
export const worstFirst = (views: readonly BotView[]): readonly BotView[] => [...views].sort(byNeed);

/** The bot that most needs a person, the first of equals. */
export const worstOf = ([first, ...others]: readonly BotView[]): BotView | undefined =>
  first && others.reduce((worst, view) => (byNeed(worst, view) <= 0 ? worst : view), first);

/** One line on all bots: `3 bots, 1 with an incident: beta is stale (no beat for 312 s)`. */
export const summaryOf = (views: readonly BotView[]): string => {
  const worst = worstOf(views);
  if (worst === undefined) return 'no bots';
  const troubled = views.filter(isInTrouble).length;
  const count = views.length === 1 ? '1 bot' : `${views.length} bots`;
  const incidents = troubled === 0 ? 'no incident' : `${troubled} with an incident`;
  return `${count}, ${incidents}: ${worst.name} is ${worst.state} (${worst.reason})`;
};

/** What changes in the summary from one second to the next, blotted out. */
export const sameSummary = (one: string, other: string): boolean =>
  one.replace(/\d+ s\b/g, '') === other.replace(/\d+ s\b/g, '');
