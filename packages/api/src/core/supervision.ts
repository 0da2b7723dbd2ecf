import { z } from 'zod';

const instant = z.number().nullable();

/** What the monitor of a bot wrote of it when that last changed. Instants are ms since the epoch. */
const written = z.object({
  restartsLeft: z.int().nullable(),
  pausedUntil: instant,
  /** The monitor's name: when it was last there stands in a row of its own. */
  monitor: z.string().optional(),
  seenAt: instant.optional(),
});

/** How a bot is supervised. */
export type Supervision = {
  readonly restartsLeft: number | null;
  readonly pausedUntil: number | null;
  /** When the monitor last said that it lives; `null`: never. */
  readonly seenAt: number | null;
};

export const unsupervised: Supervision = { restartsLeft: null, pausedUntil: null, seenAt: null };

/**
 * Reads the supervision of a bot. What is not of this shape was not written by a monitor of ours: then nothing is known
 * of one.
 *
 * @param get gives the value under a key of the journal's state.
 */
export const readSupervision = (bot: string, get: (key: string) => unknown): Supervision => {
  const { success, data } = written.safeParse(get(`supervision:${bot}`));
  if (!success) return unsupervised;
  const { restartsLeft, pausedUntil, monitor, seenAt = null } = data;
  if (monitor === undefined) return { restartsLeft, pausedUntil, seenAt };
  const alive = instant.safeParse(get(`monitor-alive:${monitor}`));
  return { restartsLeft, pausedUntil, seenAt: alive.success ? alive.data : null };
};
