import { elapsed, type Now } from './clock.ts';

/** The API sends at least a comment every 15 s: two of them missing is silence. */
export const silenceMs = 35_000;

/** The page's own connection to the API. `heard` is the last moment at which anything came. */
export type Link =
  | { readonly kind: 'connecting'; readonly heard: Now | null }
  | { readonly kind: 'live'; readonly heard: Now }
  | { readonly kind: 'lost'; readonly heard: Now | null; readonly why: string }
  | { readonly kind: 'refused'; readonly heard: Now | null };

/** A link that calls itself live and has been silent for too long is lost, whatever its socket thinks. */
export const judgeLink = (link: Link, now: Now): Link =>
  link.kind === 'live' && elapsed(link.heard, now) > silenceMs
    ? { kind: 'lost', heard: link.heard, why: 'the API went silent' }
    : link;

/** How long the page waits between two tries to reach the API. */
export const retryWaits = { firstMs: 500, longestMs: 10_000, jitter: 0.5 } as const;
