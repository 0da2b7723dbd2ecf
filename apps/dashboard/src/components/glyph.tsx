import { type IndicatorName, indicators } from '@sentinel/heartbeat-core/browser';
import type { ComponentChildren } from 'preact';
import { type Face, looks, type StripState } from '../core/states.ts';

/** Each state has a shape of its own, so that it can be told without its colour. */
const shapes: Readonly<Record<Face | StripState, ComponentChildren>> = {
  healthy: [<circle cx="16" cy="16" r="14" />, <path class="ink" d="M9 16.5l5 5 9-10.5" />],
  degraded: [<path d="M16 2l15 27H1z" />, <path class="ink" d="M16 12v8m0 3v3" />],
  stuck: [<path d="M2 2h28v28H2z" />, <path class="ink" d="M12 9v14m8-14v14" />],
  stale: [<path d="M10 1h12l9 9v12l-9 9H10l-9-9V10z" />, <path class="ink" d="M10 10l12 12m0-12L10 22" />],
  down: [<path d="M10 1h12l9 9v12l-9 9H10l-9-9V10z" />, <path class="ink" d="M16 8v13m-6-6l6 6 6-6" />],
  halted: [<rect x="3" y="3" width="26" height="26" rx="13" />, <path class="ink" d="M12 10v12m8-12v12" />],
  stopped: [<rect x="3" y="3" width="26" height="26" rx="6" />, <path class="ink" d="M12 12h8v8h-8z" />],
  unknown: [
    <path d="M16 1l15 15-15 15L1 16z" />,
    <path class="ink" d="M12.3 13a3.8 3.8 0 1 1 5.4 3.3c-1.2.6-1.7 1.2-1.7 2.7m0 2.5v2.8" />,
  ],
  lost: [<circle class="hollow" cx="16" cy="16" r="13" />, <path class="hollow" d="M5 27L27 5" />],
  waiting: <circle class="hollow dotted" cx="16" cy="16" r="13" />,
  unwatched: <circle class="hollow dotted" cx="16" cy="16" r="13" />,
  closed: [<circle class="hollow" cx="16" cy="16" r="13" />, <path class="hollow" d="M9 16h14" />],
};

/** Decorative unless `named`: most often the state's word stands beside it. */
export const Glyph = ({ face, named = false }: { face: Face | StripState; named?: boolean }) => (
  <svg
    class={`glyph is-${face}`}
    viewBox="0 0 32 32"
    role={named ? 'img' : undefined}
    aria-label={named ? looks[face].word : undefined}
    aria-hidden={!named}
  >
    {shapes[face]}
  </svg>
);

const marks = new Map(
  Object.entries(indicators).map(([name, { emoji }]) => [emoji as string, name as IndicatorName]),
);
const markPaths: Readonly<Record<IndicatorName, string>> = {
  ok: 'M4 10.5l4.5 4.5L16 5.5',
  wait: 'M5 3h10M5 17h10M6 3c0 4 8 10 8 14M14 3c0 4-8 10-8 14',
  error: 'M5 5l10 10M15 5L5 15',
  restart: 'M16 10a6 6 0 1 1-2-4.5M14.5 2v4h-4',
  unknown: 'M6.5 7a3.5 3.5 0 1 1 5 3.1c-1.1.6-1.5 1.2-1.5 2.4M10 15.5v1.5',
};
const markNames = { ok: 'ok', wait: 'in progress', error: 'error', restart: 'restart', unknown: 'unknown' };

/** The bot's own indicator. The five that mean something are drawn alike everywhere; any other stays as written. */
export const Indicator = ({ emoji }: { emoji: string | null }) => {
  if (emoji === null) return null;
  const mark = marks.get(emoji);
  if (mark === undefined) return <span class="indicator">{emoji}</span>;
  return (
    <svg class={`indicator mark-${mark}`} viewBox="0 0 20 20" role="img" aria-label={markNames[mark]}>
      <path d={markPaths[mark]} />
    </svg>
  );
};
