import { explainExposure, healthStates, withoutStop } from '@sentinel/heartbeat-core';
import type { Observation } from './observation.ts';
import type { RestartPolicy } from './policy.ts';
import { doing, type Handler, isHeld, notify, silently } from './step.ts';
import type { Says, SupervisorState, Topic } from './supervisor-state.ts';

const topics: readonly Topic[] = ['halted', 'needs-person', 'mute-feed', 'missed', 'no-stop'];

/** Since when positions without a resting stop have been reported without a break. */
const nakedSince = (
  { says: { nakedSince: before } }: SupervisorState,
  seen: Observation,
  now: number,
): number | null =>
  seen.exposure !== null && withoutStop(seen.exposure).length > 0 ? (before ?? now) : null;

const isNakedFor = (since: number | null, now: number, { maxNakedMs = null }: RestartPolicy): boolean =>
  since !== null && maxNakedMs !== null && now - since >= maxNakedMs;

/** What the beat says of each topic; `null`: nothing. */
const saidNow = (seen: Observation, isNaked: boolean): Readonly<Record<Topic, string | null>> => {
  const { reason } = seen.health;
  return {
    halted: reason.kind === 'halted' ? seen.ownHalt : null,
    'needs-person': seen.needsPerson,
    'mute-feed': seen.muteFeeds,
    missed: seen.missed,
    'no-stop':
      isNaked && seen.exposure !== null ? explainExposure({ positions: withoutStop(seen.exposure) }) : null,
  };
};

/**
 * What a beat says that people have to know although the bot beats. Each is told once, once more when it says something
 * else, and when it is over; one that comes and goes is told of again only after the time of a flap. A bot that is silent
 * has taken nothing back.
 */
export const seeSays: Handler = (state, seen, now, policy) => {
  if (seen.reading !== 'beat' || !healthStates[seen.health.state].beats) return silently(state);
  const since = nakedSince(state, seen, now);
  const isNaked = isNakedFor(since, now, policy);
  const said = saidNow(seen, isNaked);
  const dueAt = since === null || isNaked || policy.maxNakedMs == null ? null : since + policy.maxNakedMs;
  const before = state.says;
  let told = before.told;
  const actions = topics.flatMap((topic) => {
    const step = ofTopic(told[topic], said[topic], isHeld(state, seen), now, policy);
    if (step === null) return [];
    told = { ...told, [topic]: step.entry };
    const { what, open } = step.entry;
    return step.isNews
      ? [notify({ kind: 'bot-says', bot: seen.bot, topic, what, open, ...atStake(seen.exposure) })]
      : [];
  });
  const isSame =
    told === before.told && since === before.nakedSince && isSameStake(seen.exposure, before.exposure);
  const says = isSame ? before : { told, nakedSince: since, exposure: seen.exposure };
  return doing(isSame ? state : { ...state, says }, actions, dueAt);
};

/** What changes with each price is no change: it would be written down with each beat. */
const isSameStake = (one: Observation['exposure'], other: Observation['exposure']): boolean =>
  one === other ||
  (one !== null &&
    other !== null &&
    one.orders === other.orders &&
    one.more === other.more &&
    JSON.stringify(one.positions) === JSON.stringify(other.positions));

type Entry = NonNullable<Says['told'][Topic]>;

const ofTopic = (
  before: Entry | undefined,
  what: string | null,
  held: boolean,
  now: number,
  { settleMs }: RestartPolicy,
): { readonly entry: Entry; readonly isNews: boolean } | null => {
  if (what === null)
    return before?.open === true ? { entry: { ...before, open: false }, isNews: true } : null;
  const isSame = before?.what === what;
  if (held || (isSame && before.open)) return null;
  const isToldLately = isSame && now - before.toldAt < settleMs;
  return isToldLately ? null : { entry: { what, open: true, toldAt: now }, isNews: true };
};

/** What the bot had at stake when it beat last, for a message. */
export const atStake = (exposure: Observation['exposure']): { readonly exposure?: string } => {
  const words = exposure === null ? null : explainExposure(exposure);
  return words === null ? {} : { exposure: words };
};

/** What the bot has asked a person for, and not taken back: a restart would ask again. */
export const askedPerson = ({ says }: Pick<SupervisorState, 'says'>): string | null => {
  const asked = says.told['needs-person'];
  return asked?.open === true ? asked.what : null;
};
