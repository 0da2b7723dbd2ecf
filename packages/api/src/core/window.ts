import { dayMs, dayParts, type Span } from '@sentinel/history';

export type { Span } from '@sentinel/history';

/** The windows that uptime is told for. */
export const windows = ['24h', '7d', '30d', '90d'] as const;
export type UptimeWindow = (typeof windows)[number];

const lengths: Record<UptimeWindow, number> = {
  '24h': dayMs,
  '7d': 7 * dayMs,
  '30d': 30 * dayMs,
  '90d': 90 * dayMs,
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
