/** The windows that uptime is told for. */
export const windows = ['24h', '7d', '30d', '90d'] as const;
export type UptimeWindow = (typeof windows)[number];

export const dayMs = 86_400_000;
const lengths: Record<UptimeWindow, number> = {
  '24h': dayMs,
  '7d': 7 * dayMs,
  '30d': 30 * dayMs,
  '90d': 90 * dayMs,
};

export type Span = { readonly from: number; readonly to: number };

export const windowAt = (window: UptimeWindow, now: number): Span => ({
  from: now - lengths[window],
  to: now,
});

/** The span cut at every midnight UTC, each part with its date. The first and the last may be parts of a day. */
export const daysOf = ({ from, to }: Span): readonly (Span & { readonly date: string })[] => {
  const days: (Span & { date: string })[] = [];
  for (let at = from; at < to; ) {
    const next = Math.min(to, (Math.floor(at / dayMs) + 1) * dayMs);
    days.push({ date: new Date(at).toISOString().slice(0, 10), from: at, to: next });
    at = next;
  }
  return days;
};
