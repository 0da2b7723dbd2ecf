import { elapsed, type Now } from './clock.ts';
import type { Heard } from './model.ts';

/**
 * The age of the beat at `now` in seconds: what the API said, and the time since. It stands still while the bot's market
 * is closed. `null` without a beat.
 */
export const ageAt = ({ status, at }: Heard, now: Now): number | null => {
  const { ageSeconds, closedUntil } = status;
  if (ageSeconds === null) return null;
  const since = elapsed(at, now);
  const open = closedUntil === null ? since : Math.min(since, Math.max(0, now.wall - closedUntil));
  return ageSeconds + open / 1000;
};

export const isClosed = ({ status }: Heard, now: Now): boolean =>
  status.closedUntil !== null && status.closedUntil > now.wall;
