import { type HealthState, isHealthState } from '@sentinel/heartbeat-core';
import type { Span } from './window.ts';

export type Segment = Span & { readonly state: HealthState | 'unwatched' };

/**
 * The states of a span, one after the other and without a hole. `watched` rises in time; what it does not cover
 * is `unwatched`, whatever was last known.
 */
export const fillGaps = (
  span: Span,
  watched: readonly (Span & { readonly state: string })[],
): readonly Segment[] => {
  const segments: Segment[] = [];
  const add = (from: number, to: number, state: Segment['state']) => {
    if (to <= from) return;
    const last = segments.at(-1);
    if (last?.state === state) segments[segments.length - 1] = { ...last, to };
    else segments.push({ from, to, state });
  };
  let at = span.from;
  for (const watch of watched) {
    const from = Math.max(watch.from, at);
    const to = Math.min(watch.to, span.to);
    if (to <= from) continue;
    add(at, from, 'unwatched');
    add(from, to, isHealthState(watch.state) ? watch.state : 'unknown');
    at = to;
  }
  add(at, span.to, 'unwatched');
  return segments;
};
