import { marketOfClosure } from '@sentinel/heartbeat-core/browser';
import { elapsed, type Now } from './clock.ts';
import type { Heard } from './model.ts';

/**
 * The age of the beat at `now` in seconds: what the API said, and the time since. It stands still while the bot's market
 * is closed. `null` without a beat.
 */
export const ageAt = ({ status, at }: Heard, now: Now): number | null => {
  const { ageSeconds, closedUntil } = status;
  if (ageSeconds === null) return null;
  const since = now.wall - elapsed(at, now);
  const market = marketOfClosure(closedUntil === null ? null : { from: since, to: closedUntil });
  return ageSeconds + market.openMs(since, now.wall) / 1000;
};

export const isClosed = ({ status }: Heard, now: Now): boolean =>
  status.closedUntil !== null && status.closedUntil > now.wall;
