export type Span = { readonly from: number; readonly to: number };

export const dayMs = 86_400_000;

/** The day of UTC, counted from 1970. */
export const dayOf = (at: number): number => Math.floor(at / dayMs);

/** A span cut at every midnight UTC. */
export const dayParts = ({ from, to }: Span): readonly (Span & { readonly day: number })[] => {
  const parts: (Span & { day: number })[] = [];
  for (let at = from; at < to; ) {
    const next = Math.min(to, (dayOf(at) + 1) * dayMs);
    parts.push({ day: dayOf(at), from: at, to: next });
    at = next;
  }
  return parts;
};
