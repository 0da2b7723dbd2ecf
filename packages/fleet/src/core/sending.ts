import type { BotFacts, HostMessage } from './message.ts';

/** So often a message goes out when nothing changes, in ms. */
const beatMs = 2000;
/** So often one with all bots does, in ms: with few bots it costs little, and whoever begins to listen knows all of them soon. */
const wholeMs = (bots: number): number => Math.min(30_000, Math.max(6000, bots * 300));
/** Changes that come faster go out together, in ms. */
const leastMs = 200;
/** After so long a silence, in ms, the next message has all bots: nobody knows which of the last ones came. */
const silenceMs = 3 * beatMs;

/** What an agent knows of what it has sent. Instants are ms of a clock that nobody sets. */
export type Sending = {
  readonly n: number;
  readonly whole: number;
  readonly sentAt: number;
  readonly wholeAt: number;
  /** The last message with all bots, and the last message. */
  readonly base: ReadonlyMap<string, BotFacts>;
  readonly last: ReadonlyMap<string, BotFacts>;
};

export const nothingSent: Sending = {
  n: 0,
  whole: 0,
  sentAt: Number.NEGATIVE_INFINITY,
  wholeAt: Number.NEGATIVE_INFINITY,
  base: new Map(),
  last: new Map(),
};

/** An age alone is no change: a bot beats all the time. */
const isSame = (one: BotFacts | undefined, other: BotFacts): boolean =>
  one?.state === other.state && one.exposure === other.exposure;

const differing = (bots: ReadonlyMap<string, BotFacts>, from: ReadonlyMap<string, BotFacts>) =>
  [...bots.values()].filter((bot) => !isSame(from.get(bot.name), bot));
const gone = (bots: ReadonlyMap<string, BotFacts>, from: ReadonlyMap<string, BotFacts>) =>
  [...from.keys()].filter((name) => !bots.has(name));

type Sent = {
  readonly sending: Sending;
  /** `null`: nothing is to be said now. */
  readonly message: Pick<HostMessage, 'n' | 'whole' | 'bots' | 'gone'> | null;
};

/** The next message of an agent, if there is one: at once on a change, else every two seconds. */
export const nextMessage = (sending: Sending, given: readonly BotFacts[], now: number): Sent => {
  const bots = new Map(given.map((bot) => [bot.name, bot]));
  const quietMs = now - sending.sentAt;
  const isChanged = differing(bots, sending.last).length > 0 || gone(bots, sending.last).length > 0;
  if (quietMs < (isChanged ? leastMs : beatMs)) return { sending, message: null };
  const n = sending.n + 1;
  const isWhole = quietMs >= silenceMs || now - sending.wholeAt >= wholeMs(bots.size);
  if (isWhole)
    return {
      sending: { n, whole: n, sentAt: now, wholeAt: now, base: bots, last: bots },
      message: { n, whole: n, bots: given, gone: [] },
    };
  const { whole, base } = sending;
  return {
    sending: { ...sending, n, sentAt: now, last: bots },
    message: { n, whole, bots: differing(bots, base), gone: gone(bots, base) },
  };
};

/** After a connection was made anew the next message goes out at once, with all bots. */
export const afterSilence = (sending: Sending): Sending => ({
  ...sending,
  sentAt: Number.NEGATIVE_INFINITY,
  wholeAt: Number.NEGATIVE_INFINITY,
});
