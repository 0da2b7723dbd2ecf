import type { FileFormat, HealthPolicy } from '@sentinel/heartbeat-core';

/** One bot whose status file is served. */
export type WatchedBot = {
  /** How `?bot=` and every answer call it. */
  readonly name: string;
  readonly file: string;
  /** What of its policy is not left to its monitor, which says in the journal what it asks of the bot. */
  readonly policy?: Partial<HealthPolicy>;
  /** What is in that file. Default: as its monitor says, without one the three lines of docs/status-file.md. */
  readonly format?: FileFormat;
  /** Words by which people find it on the page. Default: none. */
  readonly tags?: readonly string[];
  /** The zone of timestamps that carry no offset. Default: this process' own. */
  readonly timeZone?: string;
};

/** Time as the API sees it; tests pass one that they move themselves. */
export type ApiClock = {
  /** Wall clock, ms since the epoch. */
  readonly now: () => number;
  /** A clock that nobody can set, in ms. */
  readonly monotonic: () => number;
};

/** What went wrong beside the answers, for the log. Never holds a secret. */
export type ApiLog = {
  readonly info: (message: string) => void;
  readonly warn: (message: string) => void;
  readonly error: (message: string) => void;
};

/**
 * Says to the fleet that somebody has an incident.
 *
 * @param observer the one on this machine. @returns why it is refused; `null`: it is given.
 */
export type AckFleet = (ack: {
  readonly incident: string;
  readonly by: string;
  readonly observer: string;
}) => Promise<string | null>;

export type ApiOptions = {
  /** At least one. The first is the one that answers without `?bot=`. */
  readonly bots: readonly [WatchedBot, ...WatchedBot[]];
  /** The journal that the monitor writes. Without it answers come from the status files alone. */
  readonly historyFile?: string;
  /** The table that an observer of a fleet on this machine writes. Without it there is no fleet. */
  readonly fleetFile?: string;
  /** Acknowledges an incident of the fleet for its people. Without it nobody may. */
  readonly ackFleet?: AckFleet;
  /** The built dashboard, served at `/`. */
  readonly dashboardDir?: string;
  /** Whoever sends it as a bearer token may change things. Without it nobody may. */
  readonly apiToken?: string;
  /** When set, reading needs it (or {@link ApiOptions.apiToken}) as a bearer token. */
  readonly readToken?: string;
  /** Whoever sends it as a bearer token may beat for the bots, and nothing else. Without it nobody may. */
  readonly beatsToken?: string;
  /** Tokens of single bots, by their names: such a bot takes the beats of its own token alone. */
  readonly beatsTokens?: ReadonlyMap<string, string>;
  /** The origins that browsers may read from, beside the API's own; `*`: any. Default: none. */
  readonly corsOrigin?: string | readonly string[];
  /** What every text goes through before it is answered. Default: what `createCleaner` makes without secrets. */
  readonly clean?: (text: string) => string;
  /**
   * Proxies that are believed when they say who asks (`X-Forwarded-For`): addresses, networks (`10.0.0.0/8`),
   * or `loopback`, `linklocal`, `uniquelocal`. Default: none.
   */
  readonly trustedProxies?: readonly string[];
  /**
   * Names under which the API may be asked, beside addresses and `localhost`. Another one needs a token, so that a
   * page elsewhere cannot point its own name to this API. Default: none.
   */
  readonly allowedHosts?: readonly string[];
  readonly version?: string;
  readonly clock?: ApiClock;
  readonly log?: ApiLog;
};
