import { type Market, marketOfClosure } from '@sentinel/heartbeat-core';
import { isMonitorAlive } from '@sentinel/history';
import { z } from 'zod';

const instant = z.number().nullable();
/** What the monitor of a bot wrote of it when that last changed. Instants are ms since the epoch. */
const written = z.object({
  restartsLeft: z.int().nullable(),
  pausedUntil: instant,
  /** The monitor's name: when it was last there stands in a row of its own. */
  monitor: z.string().optional(),
  seenAt: instant.optional(),
  /** What it asks of the bot; a monitor from before this was written down says nothing of it. */
  maxAgeMs: z.number().positive().optional(),
  maxStallMs: z.number().positive().nullable().optional(),
  closure: z.object({ from: z.number(), to: z.number() }).nullish(),
  /** By how much its clock was found ahead. */
  aheadMs: z.number().nonnegative().nullish(),
  /** How far a restart would be safe, in words; `null`: restarts are off. */
  custody: z.string().nullish(),
});

/** What the monitor asks of the bot, as far as it says. */
export type Asked = {
  readonly maxAgeMs?: number | undefined;
  readonly maxStallMs?: number | null | undefined;
  /** Of its hours one closure is known: the one that holds, or the last one. */
  readonly market: Market;
  /** By how much the monitor has found the bot's clock ahead, in ms. */
  readonly aheadMs?: number | null | undefined;
};

/** What only a monitor can know: it has watched for longer, and sees processes. */
export type Called = { readonly state: 'stuck' | 'down'; readonly at: number };

const isCalled = (last: { readonly state: string; readonly at: number }): last is Called =>
  last.state === 'stuck' || last.state === 'down';

/** How a bot is supervised. */
export type Supervision = {
  readonly restartsLeft: number | null;
  readonly pausedUntil: number | null;
  /** When the monitor last said that it lives; `null`: never. */
  readonly seenAt: number | null;
  /** That was its end, on purpose. */
  readonly ended: boolean;
  readonly asked: Asked;
  /** How far a restart would be safe, in the monitor's words; `null`: it says nothing. */
  readonly custody: string | null;
  /** What a monitor that lives has called the bot, and since when, where one look cannot see it; `null`: nothing of the kind. */
  readonly called: Called | null;
};

export const unsupervised: Supervision = {
  restartsLeft: null,
  pausedUntil: null,
  seenAt: null,
  ended: false,
  asked: { market: marketOfClosure(null) },
  custody: null,
  called: null,
};

/**
 * Reads the supervision of a bot. What is not of this shape was not written by a monitor of ours: then nothing is known
 * of one.
 *
 * @param get gives the value under a key of the journal's state.
 * @param last what the monitor last noted of the bot.
 */
export const readSupervision = (
  bot: string,
  get: (key: string) => unknown,
  last: { readonly state: string; readonly at: number } | undefined,
  now: number,
): Supervision => {
  const { success, data } = written.safeParse(get(`supervision:${bot}`));
  if (!success) return unsupervised;
  const {
    restartsLeft,
    pausedUntil,
    monitor,
    seenAt = null,
    maxAgeMs,
    maxStallMs,
    closure,
    aheadMs = null,
    custody,
  } = data;
  const asked: Asked = { maxAgeMs, maxStallMs, market: marketOfClosure(closure ?? null), aheadMs };
  const seen = monitor === undefined ? seenAt : instant.catch(null).parse(get(`monitor-alive:${monitor}`));
  const ended = seen !== null && get(`monitor-ended:${monitor}`) === seen;
  const called = last !== undefined && isCalled(last) && isMonitorAlive(seen, now) ? last : null;
  return { restartsLeft, pausedUntil, seenAt: seen, ended, asked, custody: custody ?? null, called };
};
