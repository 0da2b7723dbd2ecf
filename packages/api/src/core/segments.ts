import { compareStates, type HealthState, isHealthState } from '@sentinel/heartbeat-core';
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

const isWorse = (one: Segment['state'], other: Segment['state']): boolean =>
  one !== 'unwatched' && (other === 'unwatched' || compareStates(one, other) < 0);

/** At most so many segments: where there are more, each part of the span has the worst state that is in it. */
export const coarse = (span: Span, segments: readonly Segment[], most: number): readonly Segment[] => {
  if (segments.length <= most) return segments;
  const stepMs = (span.to - span.from) / most;
  const parts = Array.from({ length: most }, (): Segment['state'] => 'unwatched');
  for (const { from, to, state } of segments) {
    const last = Math.min(most, Math.ceil((to - span.from) / stepMs));
    for (let index = Math.floor((from - span.from) / stepMs); index < last; index += 1)
      if (isWorse(state, parts[index] ?? 'unwatched')) parts[index] = state;
  }
  const watched = parts.flatMap((state, index) =>
    state === 'unwatched'
      ? []
      : [{ from: span.from + index * stepMs, to: span.from + (index + 1) * stepMs, state }],
  );
  return fillGaps(span, watched);
};
