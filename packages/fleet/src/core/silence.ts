/** Until when people want to hear nothing of a host, in ms since the epoch; `null`: that is no silence. */
export const silentUntil = (given: unknown): number | null =>
  typeof given === 'object' && given !== null && 'until' in given && typeof given.until === 'number'
    ? given.until
    : null;

export const isSilenced = (given: unknown, now: number): boolean => (silentUntil(given) ?? 0) > now;
