import type { CommonFacts, Severity } from './notification.ts';

/**
 * What monitors say of each other's hosts; `bot` is the host that it is about. Lengths of time are in ms, instants ms since
 * the epoch.
 */
export type PeerNotification = CommonFacts &
  (
    | {
        readonly kind: 'host-silent';
        readonly finding: 'down' | 'unreachable' | 'unwatched';
        readonly reason: string;
        /** Who found it silent. */
        readonly observers: readonly string[];
        /** Who hears it all the same. */
        readonly seenBy: readonly string[];
        /** The only observer has proven that it hears others. */
        readonly canary: boolean;
        /** `null`: never. */
        readonly lastHeardAt: number | null;
        /** Its bots, as they were last. */
        readonly bots: readonly HostBot[];
        /** Somebody who would have told first could not be asked. */
        readonly mayDouble?: boolean;
      }
    | {
        readonly kind: 'host-back';
        readonly outageMs: number;
        readonly bots: readonly HostBot[];
        /** How severe the outage was. */
        readonly ends: Severity;
      }
    /** The monitor on this host doubts itself: too many were silent at once. */
    | {
        readonly kind: 'deaf';
        readonly silent: readonly string[];
        readonly canary: 'none' | 'works' | 'fails';
      }
    | { readonly kind: 'hears-again'; readonly deafMs: number }
  );

/** A bot of another host. `exposure`: what is at stake, in one line; `null`: nothing, or it does not say. */
type HostBot = { readonly name: string; readonly health: string; readonly exposure: string | null };
