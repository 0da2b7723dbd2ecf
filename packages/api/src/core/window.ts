import { dayMs, dayParts, type Parting, type Span } from '@sentinel/history';

export type { Span } from '@sentinel/history';

export const windows = ['24h', '7d', '30d', '90d'] as const;
export type UptimeWindow = (typeof windows)[number];

const lengths: Record<UptimeWindow, number> = {
  '24h': dayMs,
  '7d': 7 * dayMs,
  '30d': 30 * dayMs,
  '90d': 90 * dayMs,
};

const hourMs = dayMs / 24;

/** Of a day each state is told. A longer window of a bot that flaps is told by the worst of each part. */
export const partings: Record<UptimeWindow, Parting | null> = {
  '24h': null,
  '7d': { most: 1008, partMs: hourMs / 6 },
  '30d': { most: 360, partMs: 2 * hourMs },
  '90d': { most: 360, partMs: 6 * hourMs },
};

export const windowAt = (window: UptimeWindow, now: number): Span => ({
  from: now - lengths[window],
  to: now,
});

/** The span cut at every midnight UTC, each part with its date. The first and the last may be parts of a day. */
export const daysOf = (span: Span): readonly (Span & { readonly date: string })[] =>
  dayParts(span).map(({ day, from, to }) => ({ date: dateOf(day), from, to }));

/** The date of a day of UTC, which is counted from 1970. */
export const dateOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);
