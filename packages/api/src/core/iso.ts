const farthest = 8_640_000_000_000_000;

export const iso = (at: number): string => new Date(at).toISOString();

/** ISO 8601 in UTC; an instant that no calendar holds is none. */
export const isoOrNull = (at: number | null): string | null =>
  at === null || !(Math.abs(at) <= farthest) ? null : iso(at);
