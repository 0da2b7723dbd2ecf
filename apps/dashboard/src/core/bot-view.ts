import { healthStates, isTooOld, splitIndicator } from '@sentinel/heartbeat-core/browser';
import { ageAt } from './age.ts';
import { elapsed, moment, type Now, timeOfDay } from './clock.ts';
import { ackWords, courseWords, isNotKnownYet } from './course.ts';
import type { Link } from './link.ts';
import type { Heard } from './model.ts';
import { type Face, isDown, looks, type State, worst } from './states.ts';
import { duration } from './words.ts';

export type BotView = {
  readonly name: string;
  readonly face: Face;
  readonly word: string;
  /** The colour of the state fills the panel. */
  readonly loud: boolean;
  readonly indicator: string | null;
  readonly message: string;
  /** How long ago a silent bot said that, in seconds; `null`: it is what it says now, or it has said nothing. */
  readonly saidAgo: number | null;
  readonly reason: string;
  /** What is being done about it, or what is waited for; `null`: nothing is to be said. */
  readonly course: string | null;
  /** Who has the open incident; `null`: nobody, or none is open. */
  readonly ack: string | null;
  /** Seconds since the last beat, ticking; `null` when there is none or it cannot be known. */
  readonly age: number | null;
  readonly maxAge: number | null;
  readonly deadlineAt: number | null;
  /** True once this page's own clock is past the deadline. */
  readonly overdue: boolean;
};

const isOverdue = (heard: Heard, now: Now): boolean => {
  const age = ageAt(heard, now);
  const { maxAgeSeconds } = heard.status;
  return age !== null && maxAgeSeconds !== null && isTooOld(age, maxAgeSeconds);
};

/** The state of a bot by this page's own clock: an API that tells no news does not keep a silent bot well. */
export const stateAt = (heard: Heard, now: Now): State => {
  const { state } = heard.status;
  return healthStates[state].beats && isOverdue(heard, now) ? 'stale' : state;
};

/** What may be said of a bot now. Once the API is no longer heard, that is only what it last said, and when. */
export const botView = (heard: Heard, link: Link, now: Now): BotView => {
  const { status } = heard;
  const { indicator, message } = splitIndicator(status.status);
  const base = { name: status.bot, indicator, message: message || 'No status' };
  if (link.kind !== 'live') return { ...base, ...silent(status.state, link, now) };
  const age = ageAt(heard, now);
  const state = stateAt(heard, now);
  return {
    ...base,
    face: state,
    word: looks[state].word,
    loud: isDown(state) && !isNotKnownYet(status),
    saidAgo: healthStates[state].beats ? null : age,
    reason: reasonOf(state, status.reason, age),
    course: courseWords(status, now),
    ack: ackWords(status, now),
    age,
    maxAge: status.maxAgeSeconds,
    deadlineAt: status.nextDeadline,
    overdue: isOverdue(heard, now),
  };
};

/** The API's reason names an age that was true when it was said; a silent bot's goes on growing. */
const reasonOf = (state: State, reason: string, age: number | null): string => {
  if (state === 'stale' && age !== null) return `No beat for ${duration(age)}`;
  const said = reason === '' ? looks[state].meaning : reason;
  return said.charAt(0).toUpperCase() + said.slice(1);
};

const silent = (state: State, link: Link, now: Now) => {
  const face: Face = link.kind === 'connecting' ? 'waiting' : 'lost';
  const last = link.heard;
  const then =
    last === null
      ? 'Nothing has been heard yet'
      : `Last heard ${moment(last.wall, now.wall)}, ${duration(elapsed(last, now) / 1000)} ago: it was ${looks[state].word.toLowerCase()} then`;
  return {
    face,
    word: looks[face].word,
    loud: false,
    saidAgo: null,
    course: null,
    ack: null,
    reason: then,
    age: null,
    maxAge: null,
    deadlineAt: null,
    overdue: false,
  };
};

/** The state that the tab shows: the worst of all bots, or that the API is not heard. */
export const pageFace = (bots: readonly Heard[], link: Link, now: Now): Face => {
  if (link.kind === 'lost' || link.kind === 'refused') return 'lost';
  if (bots.length === 0 || link.kind === 'connecting') return 'waiting';
  return worst(bots.map((each) => stateAt(each, now)));
};

/** `✕ Stale · alpha – Sentinel`; of several bots the count of those that need a look. */
export const pageTitle = (bots: readonly Heard[], link: Link, now: Now): string => {
  const face = pageFace(bots, link, now);
  const { sign, word } = looks[face];
  if (face === 'lost' || face === 'waiting') return `${sign} ${word} – Sentinel`;
  if (bots.length === 1) return `${sign} ${word} · ${bots[0]?.status.bot} – Sentinel`;
  if (face === 'healthy') return `${sign} All ${bots.length} healthy – Sentinel`;
  const count = bots.filter((each) => stateAt(each, now) === face).length;
  return `${sign} ${count} of ${bots.length} ${word.toLowerCase()} – Sentinel`;
};

export type Announced = { readonly states: ReadonlyMap<string, State>; readonly text: string };

/**
 * What a screen reader is told: the bots whose state has changed since `before`, never the ticking of a clock, and nothing
 * twice. At first all of them, where they are few.
 */
export const announce = (before: Announced, bots: readonly Heard[], link: Link, now: Now): Announced => {
  if (link.kind === 'lost') return { ...before, text: 'Connection lost. What is shown is old.' };
  if (link.kind !== 'live') return before;
  const states = new Map(bots.map((each) => [each.status.bot, stateAt(each, now)]));
  const isFirst = before.states.size === 0;
  const changed = [...states].filter(([bot, state]) => before.states.get(bot) !== state);
  const wasLost = before.text.startsWith('Connection lost');
  if (changed.length === 0) return wasLost ? { states, text: 'Connected again.' } : before;
  const told = isFirst && changed.length > mostAtFirst ? [] : changed;
  return { states, text: told.map(([bot, state]) => `${bot}: ${looks[state].word}`).join('. ') };
};

const mostAtFirst = 4;

export const heardAt = (link: Link): string => (link.heard === null ? 'never' : timeOfDay(link.heard.wall));
