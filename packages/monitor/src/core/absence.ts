import type { Notification } from '@sentinel/notify';

/** A monitor that was away for longer than this has seen nothing of what happened, in ms. */
const awayMs = 150_000;

/** What people are told of the time in which no monitor watched; `null`: it was short, or not known. */
export const absenceOf = (
  lastAliveAt: number | null,
  wall: number,
  bots: readonly string[],
): Notification | null => {
  const away = lastAliveAt === null ? 0 : wall - lastAliveAt;
  const [first] = bots;
  if (away < awayMs || first === undefined) return null;
  return {
    kind: 'monitor-was-away',
    bot: bots.length === 1 ? first : `${bots.length} bots`,
    awayMs: away,
  };
};
