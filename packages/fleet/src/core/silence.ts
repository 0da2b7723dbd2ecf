import { partsOf } from '@sentinel/heartbeat-core';

/** Until when people want to hear nothing of a host, in ms since the epoch; `null`: that is no silence. */
export const silentUntil = (given: unknown): number | null => {
  const { until } = partsOf(given);
  return typeof until === 'number' ? until : null;
};

export const isSilenced = (given: unknown, now: number): boolean => (silentUntil(given) ?? 0) > now;
